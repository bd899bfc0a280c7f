//===- OpenVino.cpp - Limits in OpenVINO's models ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// OpenVINO's IR keeps the quantizers of a model as FakeQuantize layers with the
// inputs x, input low and high, output low and high. The limits are constants,
// whose bytes are in the second file of a model.
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "TableBuilder.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <map>
#include <memory>

using namespace hwq;
using namespace hwq::interchange;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

//===----------------------------------------------------------------------===//
// XML
//===----------------------------------------------------------------------===//

static StringRef asText(const xmlChar *text) {
  return reinterpret_cast<const char *>(text);
}

static size_t lineOf(const xmlNode *node) {
  return static_cast<size_t>(std::max(xmlGetLineNo(node), 1L));
}

/// The first child element `name`; null without one.
static const xmlNode *child(const xmlNode *node, StringRef name) {
  for (const xmlNode *c = node ? node->children : nullptr; c; c = c->next)
    if (c->type == XML_ELEMENT_NODE && asText(c->name) == name)
      return c;
  return nullptr;
}

static std::optional<std::string> attribute(const xmlNode *node,
                                            StringRef name) {
  for (const xmlAttr *a = node ? node->properties : nullptr; a; a = a->next)
    if (asText(a->name) == name) {
      std::string value;
      for (const xmlNode *part = a->children; part; part = part->next)
        if (part->content)
          value += asText(part->content).str();
      return value;
    }
  return std::nullopt;
}

static Expected<uint64_t> whole(const xmlNode *node, StringRef name) {
  std::optional<std::string> text = attribute(node, name);
  uint64_t value = 0;
  if (!text || StringRef(*text).getAsInteger(10, value))
    return lineError(lineOf(node), "expected a whole number in '" + name +
                                       "' of '" + asText(node->name) + "'");
  return value;
}

//===----------------------------------------------------------------------===//
// Reader
//===----------------------------------------------------------------------===//

/// Names of a port: separated by commas, those in names behind a backslash.
static std::string firstName(StringRef names) {
  std::string name;
  for (size_t i = 0; i < names.size() && names[i] != ','; ++i) {
    if (names.substr(i).starts_with("\\,"))
      ++i;
    name += names[i];
  }
  return name;
}

namespace {
class Reader {
public:
  Reader(const xmlNode *net, StringRef data) : net(net), data(data) {}

  Expected<CalibrationTable> read() {
    if (Error error = readGraph())
      return std::move(error);
    for (const xmlNode *layer : order)
      if (attribute(layer, "type") == "FakeQuantize")
        if (Error error = readQuantizer(layer))
          return std::move(error);
    return builder.take();
  }

private:
  using Port = std::pair<uint64_t, uint64_t>;

  Error readGraph() {
    const xmlNode *all = child(net, "layers"), *edges = child(net, "edges");
    if (!all || !edges)
      return lineError(lineOf(net), "expected a 'net' with 'layers' and "
                                    "'edges'");
    for (const xmlNode *layer = all->children; layer; layer = layer->next) {
      if (layer->type != XML_ELEMENT_NODE)
        continue;
      Expected<uint64_t> id = whole(layer, "id");
      if (!id)
        return id.takeError();
      if (!layers.emplace(*id, layer).second)
        return lineError(lineOf(layer),
                         "layer " + Twine(*id) + " is there twice");
      order.push_back(layer);
    }
    for (const xmlNode *edge = edges->children; edge; edge = edge->next) {
      if (edge->type != XML_ELEMENT_NODE)
        continue;
      uint64_t ends[4];
      unsigned end = 0;
      for (StringRef name : {"from-layer", "from-port", "to-layer", "to-port"})
        if (Error error = whole(edge, name).moveInto(ends[end++]))
          return error;
      if (!layers.count(ends[0]) || !layers.count(ends[2]))
        return lineError(lineOf(edge), "the edge from " + Twine(ends[0]) +
                                           " to " + Twine(ends[2]) +
                                           " is of a layer that is not there");
      sources[{ends[2], ends[3]}] = {ends[0], ends[1]};
    }
    return Error::success();
  }

  /// The layer and port behind input number `index` of a layer, through
  /// conversions of constants.
  Expected<Port> source(const xmlNode *layer, unsigned index) {
    for (unsigned depth = 0; depth < 16; ++depth) {
      const xmlNode *port = nullptr;
      unsigned count = 0;
      const xmlNode *inputs = child(layer, "input");
      for (const xmlNode *p = inputs ? inputs->children : nullptr; p;
           p = p->next)
        if (p->type == XML_ELEMENT_NODE && count++ == index)
          port = p;
      if (!port)
        return lineError(lineOf(layer),
                         "expected an input " + Twine(index) + " of the layer");
      Expected<uint64_t> id = whole(layer, "id"), to = whole(port, "id");
      if (!id || !to) {
        llvm::consumeError(id.takeError());
        return to ? lineError(lineOf(layer), "expected a layer with an 'id'")
                  : to.takeError();
      }
      auto from = sources.find({*id, *to});
      if (from == sources.end())
        return lineError(lineOf(port),
                         "input " + Twine(index) + " of the layer has no edge");
      layer = layers[from->second.first];
      if (attribute(layer, "type") != "Convert")
        return from->second;
      index = 0;
    }
    return lineError(lineOf(layer), "expected at most 16 conversions");
  }

  Expected<std::vector<double>> constant(const xmlNode *layer, StringRef name,
                                         const xmlNode *user) {
    if (attribute(layer, "type") != "Const")
      return entryError(lineOf(user), name,
                        "expected limits that are constants");
    const xmlNode *info = child(layer, "data");
    if (!info)
      return entryError(lineOf(layer), name, "expected 'data' of the constant");
    Expected<uint64_t> offset = whole(info, "offset");
    if (!offset)
      return offset.takeError();
    Expected<uint64_t> size = whole(info, "size");
    if (!size)
      return size.takeError();
    std::string type = attribute(info, "element_type").value_or("");
    unsigned width = type == "f32" ? 4 : type == "f16" ? 2 : 0;
    if (!width)
      return entryError(lineOf(info), name,
                        "expected limits of f32 or f16, got '" + type + "'");
    if (*size == 0 || *size % width)
      return entryError(lineOf(info), name,
                        "expected a whole number of elements, got " +
                            Twine(*size) + " bytes");
    if (*offset > data.size() || *size > data.size() - *offset)
      return entryError(
          lineOf(info), name,
          "expected bytes " + Twine(*offset) + " to " + Twine(*offset + *size) +
              " in the file of constants, which has " + Twine(data.size()));
    std::vector<double> values;
    for (const char *at = data.data() + *offset, *end = at + *size; at != end;
         at += width)
      if (width == 4)
        values.push_back(static_cast<double>(
            llvm::bit_cast<float>(llvm::support::endian::read32le(at))));
      else
        values.push_back(
            llvm::APFloat(llvm::APFloat::IEEEhalf(),
                          llvm::APInt(16, llvm::support::endian::read16le(at)))
                .convertToFloat());
    return values;
  }

  /// Of the tensor that a port makes: its first name, or that of its layer.
  std::string tensorName(Port port) {
    const xmlNode *layer = layers[port.first];
    const xmlNode *outputs = child(layer, "output");
    for (const xmlNode *p = outputs ? outputs->children : nullptr; p;
         p = p->next)
      if (attribute(p, "id") == std::to_string(port.second))
        if (std::string name = firstName(attribute(p, "names").value_or(""));
            !name.empty())
          return name;
    return attribute(layer, "name").value_or("");
  }

  Error readQuantizer(const xmlNode *layer);

  const xmlNode *net;
  StringRef data;
  std::vector<const xmlNode *> order;
  std::map<uint64_t, const xmlNode *> layers;
  std::map<Port, Port> sources;
  TableBuilder builder;
};
} // namespace

/// Scale and zero point of a grid whose ends are the limits; none where 0 is no
/// code or the number of levels is none of codes.
static std::optional<TableParameters> toParameters(double low, double high,
                                                   uint64_t levels) {
  unsigned bits = llvm::Log2_64_Ceil(levels);
  bool isNarrow = levels == (uint64_t(1) << bits) - 1;
  if (bits < 2 || bits > 16 || (!isNarrow && levels != uint64_t(1) << bits) ||
      low > 0 || high < 0)
    return std::nullopt;
  double step = (high - low) / static_cast<double>(levels - 1);
  double zero = std::round(-low / step);
  if (std::fabs(-low / step - zero) > 1e-3)
    return std::nullopt;
  TableParameters parameters;
  parameters.bits = bits;
  parameters.isSigned = low < 0;
  parameters.scales = {static_cast<double>(static_cast<float>(step))};
  parameters.zeroPoints = {static_cast<int64_t>(zero) + parameters.grid().qmin +
                           (isNarrow && parameters.isSigned ? 1 : 0)};
  return parameters;
}

Error Reader::readQuantizer(const xmlNode *layer) {
  Expected<Port> x = source(layer, 0);
  if (!x)
    return x.takeError();
  TableEntry entry;
  entry.name = tensorName(*x);
  entry.line = lineOf(layer);
  if (attribute(layers[x->first], "type") == "Const")
    entry.kind = TableName::Weights;
  const xmlNode *info = child(layer, "data");
  if (!info)
    return entryError(entry.line, entry.name, "expected 'data' with 'levels'");
  Expected<uint64_t> levels = whole(info, "levels");
  if (!levels)
    return levels.takeError();
  if (*levels < 2 || *levels > 65536)
    return entryError(entry.line, entry.name,
                      "expected 2 to 65536 levels, got " + Twine(*levels));
  std::vector<double> limits[4];
  for (unsigned i = 0; i < 4; ++i) {
    Expected<Port> from = source(layer, i + 1);
    if (!from)
      return from.takeError();
    if (Error error = constant(layers[from->first], entry.name, layer)
                          .moveInto(limits[i]))
      return error;
  }
  size_t count = std::max(limits[0].size(), limits[1].size());
  for (auto &values : limits) {
    if (values.size() != 1 && values.size() != count)
      return entryError(entry.line, entry.name,
                        "expected " + Twine(count) + " limits, got " +
                            Twine(values.size()));
    values.resize(count, values.front());
  }
  auto &[low, high, outLow, outHigh] = limits;
  for (size_t c = 0; c < count; ++c)
    if (!std::isfinite(low[c]) || !std::isfinite(high[c]) || low[c] >= high[c])
      return entryError(entry.line, entry.name,
                        "expected a lower limit below the upper one, both "
                        "finite, got " +
                            printNumber(low[c]) + " and " +
                            printNumber(high[c]));
  if (low != outLow || high != outHigh) {
    builder.warn(entry.line, "tensor '" + entry.name +
                                 "' is left out: the limits of its result are "
                                 "other ones");
    return Error::success();
  }
  entry.channels = count;
  bool isTensor = entry.kind == TableName::Tensor;
  if (isTensor && count > 1)
    builder.warn(entry.line, "tensor '" + entry.name + "' has limits for " +
                                 Twine(count) + " channels: the widest count");
  if (isTensor || count == 1)
    entry.range =
        numerics::Range{*llvm::min_element(low), *llvm::max_element(high)};
  if (isTensor)
    entry.channels = 1;
  if (count == 1) {
    entry.parameters = toParameters(low[0], high[0], *levels);
  } else if (!isTensor) {
    TableParameters all;
    for (size_t c = 0; c < count; ++c) {
      std::optional<TableParameters> one =
          toParameters(low[c], high[c], *levels);
      if (!one || (c && one->isSigned != all.isSigned)) {
        all.scales.clear();
        break;
      }
      all.bits = one->bits;
      all.isSigned = one->isSigned;
      all.scales.push_back(one->scales.front());
      all.zeroPoints.push_back(one->zeroPoints.front());
    }
    all.perChannel = true;
    if (!all.scales.empty())
      entry.parameters = all;
  }
  return builder.add(std::move(entry));
}

Expected<CalibrationTable> interchange::readOpenVino(StringRef text) {
  auto [xml, data] = text.split('\0');
  if (xml.size() > INT32_MAX)
    return lineError(1, "expected XML of less than 2 GiB");
  std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> parser(
      xmlNewParserCtxt(), xmlFreeParserCtxt);
  std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
      xmlCtxtReadMemory(parser.get(), xml.data(), static_cast<int>(xml.size()),
                        nullptr, nullptr,
                        XML_PARSE_NONET | XML_PARSE_NOERROR |
                            XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
                            XML_PARSE_BIG_LINES),
      xmlFreeDoc);
  if (!document) {
    const xmlError *error = xmlCtxtGetLastError(parser.get());
    StringRef reason = error && error->message ? error->message : "it is empty";
    return lineError(static_cast<size_t>(std::max(error ? error->line : 1, 1)),
                     "no XML: " + reason.split('\n').first.rtrim());
  }
  if (document->intSubset)
    return lineError(1, "expected XML without a document type");
  const xmlNode *net = xmlDocGetRootElement(document.get());
  if (!net || asText(net->name) != "net")
    return lineError(net ? lineOf(net) : 1, "expected the element 'net'");
  return Reader(net, data).read();
}

//===----------------------------------------------------------------------===//
// Writer
//===----------------------------------------------------------------------===//

/// As the value of an attribute.
static Expected<std::string> xmlText(StringRef name, bool isList) {
  std::string text;
  for (char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || !llvm::json::isUTF8(name))
      return llvm::createStringError(
          "tensor '" + llvm::json::fixUTF8(name) +
          "': expected a name of printable characters");
    if (isList && c == ',')
      text += '\\';
    text += c == '&'   ? "&amp;"
            : c == '<' ? "&lt;"
            : c == '>' ? "&gt;"
            : c == '"' ? "&quot;"
                       : std::string(1, c);
  }
  return text;
}

/// The ends of the grid in f32. The one nearer to 0 makes up for the rounding
/// of the other, so that their distance gives the scale again.
static std::pair<float, float> toLimits(const TableParameters &p) {
  numerics::Grid grid = p.grid();
  double scale = p.scales.front();
  auto below = static_cast<double>(grid.qmin - p.zeroPoints.front());
  auto above = static_cast<double>(grid.qmax - p.zeroPoints.front());
  auto low = static_cast<float>(scale * below);
  auto high = static_cast<float>(scale * above);
  if (low == 0 || high == 0)
    return {low, high};
  double width = scale * (above - below);
  if (-low < high)
    low = static_cast<float>(static_cast<double>(high) - width);
  else
    high = static_cast<float>(static_cast<double>(low) + width);
  return {low, high};
}

Error interchange::writeOpenVino(const CalibrationTable &table,
                                 llvm::raw_ostream &os) {
  std::string layers, edges, data;
  llvm::raw_string_ostream l(layers), e(edges), d(data);
  uint64_t id = 0;
  for (const TableEntry &entry : table.entries) {
    if (entry.kind != TableName::Tensor || !entry.parameters)
      continue;
    const TableParameters &p = *entry.parameters;
    auto fail = [&](const Twine &message) {
      return llvm::createStringError("tensor '" + entry.name + "': " + message);
    };
    // The shape of several limits depends on the tensor's rank.
    if (p.scales.size() != 1)
      return fail("expected one scale, got " + Twine(p.scales.size()));
    if (p.bits > 16)
      return fail("the format holds 2 to 16 bits, got " + Twine(p.bits));
    auto [low, high] = toLimits(p);
    std::optional<TableParameters> again =
        toParameters(static_cast<double>(low), static_cast<double>(high),
                     uint64_t(1) << p.bits);
    if (!std::isfinite(low) || !std::isfinite(high) || !again)
      return fail("the ends of its grid are no limits in f32");
    Expected<std::string> name = xmlText(entry.name, false);
    Expected<std::string> list = xmlText(entry.name, true);
    if (!name || !list) {
      llvm::consumeError(list.takeError());
      return name.takeError();
    }
    l << "    <layer id=\"" << id << "\" name=\"" << *name
      << "\" type=\"Parameter\" version=\"opset1\">\n"
         "      <data shape=\"?\" element_type=\"f32\"/>\n"
         "      <output><port id=\"0\" precision=\"FP32\" names=\""
      << *list << "\"/></output>\n    </layer>\n";
    const float limits[] = {low, high};
    for (auto [i, limit] : llvm::enumerate(limits)) {
      l << "    <layer id=\"" << id + 1 + i << "\" name=\"" << *name
        << (i ? "/fq_output_0/high" : "/fq_output_0/low")
        << "\" type=\"Const\" version=\"opset1\">\n"
           "      <data element_type=\"f32\" shape=\"\" offset=\""
        << d.str().size()
        << "\" size=\"4\"/>\n"
           "      <output><port id=\"0\" precision=\"FP32\"/></output>\n"
           "    </layer>\n";
      char bytes[4];
      llvm::support::endian::write32le(bytes, llvm::bit_cast<uint32_t>(limit));
      d.write(bytes, 4);
    }
    l << "    <layer id=\"" << id + 3 << "\" name=\"" << *name
      << "/fq_output_0\" type=\"FakeQuantize\" version=\"opset1\">\n"
         "      <data levels=\""
      << (uint64_t(1) << p.bits)
      << "\" auto_broadcast=\"numpy\"/>\n      <input>";
    for (int port = 0; port < 5; ++port)
      l << "<port id=\"" << port << "\" precision=\"FP32\"/>";
    l << "</input>\n"
         "      <output><port id=\"5\" precision=\"FP32\"/></output>\n"
         "    </layer>\n"
         "    <layer id=\""
      << id + 4 << "\" name=\"" << *name
      << "/fq_output_0/result\" type=\"Result\" version=\"opset1\">\n"
         "      <input><port id=\"0\" precision=\"FP32\"/></input>\n"
         "    </layer>\n";
    // In order of its inputs: x, low, high, low, high.
    static constexpr unsigned makers[] = {0, 1, 2, 1, 2};
    for (auto [port, from] : llvm::enumerate(makers))
      e << "    <edge from-layer=\"" << id + from
        << "\" from-port=\"0\" to-layer=\"" << id + 3 << "\" to-port=\"" << port
        << "\"/>\n";
    e << "    <edge from-layer=\"" << id + 3 << "\" from-port=\"5\" to-layer=\""
      << id + 4 << "\" to-port=\"0\"/>\n";
    id += 5;
  }
  os << "<?xml version=\"1.0\"?>\n<net name=\"limits\" version=\"11\">\n"
        "  <layers>\n"
     << layers << "  </layers>\n  <edges>\n"
     << edges << "  </edges>\n</net>\n"
     << '\0' << data;
  return Error::success();
}
