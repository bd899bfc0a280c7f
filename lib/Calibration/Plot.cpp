//===- Plot.cpp - A picture of a tensor's distribution ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/Plot.h"

#include "Density.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

#include <algorithm>
#include <cmath>

using namespace hwq;
using namespace hwq::calibration;

namespace {
constexpr int numBars = 256;
constexpr int left = 60, top = 44, width = numBars * 3, height = 260;
constexpr int legend = top + height + 44;

/// The part of the real axis that is shown, and where.
struct Axis {
  double min, max;
  double at(double value) const {
    return left + std::clamp((value - min) / (max - min), 0.0, 1.0) * width;
  }
};

struct Line {
  std::string label;
  Range range;
  const char *color;
};
} // namespace

/// Text as part of XML.
static void printText(llvm::raw_ostream &os, llvm::StringRef text) {
  for (char c : text)
    if (c == '<')
      os << "&lt;";
    else if (c == '&')
      os << "&amp;";
    else
      os << (static_cast<unsigned char>(c) < 32 ? ' ' : c);
}

static std::string sqnrText(const TensorStatistics &statistics, Range range,
                            const TargetScheme &scheme) {
  llvm::Expected<double> sqnr = estimateSqnr(statistics, range, scheme);
  if (!sqnr) {
    llvm::consumeError(sqnr.takeError());
    return "";
  }
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format(", %.2f dB", *sqnr);
  return text;
}

static std::vector<Line> linesOf(const TensorStatistics &statistics,
                                 Range chosen, llvm::StringRef method,
                                 const TargetScheme &scheme) {
  std::vector<Line> lines;
  static constexpr std::pair<const char *, const char *> others[] = {
      {"min-max", "#7f7f7f"}, {"percentile", "#1f77b4"},
      {"mse", "#2ca02c"},     {"aciq", "#9467bd"},
      {"octav", "#8c564b"},   {"kl-grid", "#ff7f0e"}};
  for (auto [name, color] : others) {
    if (name == method)
      continue;
    llvm::Expected<ChosenRange> other =
        chooseRange(statistics, llvm::cantFail(parseMethod(name)), scheme);
    if (!other) {
      llvm::consumeError(other.takeError());
      continue;
    }
    lines.push_back({name + sqnrText(statistics, other->range, scheme),
                     other->range, color});
  }
  // On top of the others.
  lines.push_back(
      {method.str() + " (chosen)" + sqnrText(statistics, chosen, scheme),
       chosen, "#d62728"});
  return lines;
}

void hwq::calibration::plotHistogram(llvm::raw_ostream &os,
                                     llvm::StringRef title,
                                     const TensorStatistics &statistics,
                                     Range chosen, llvm::StringRef method,
                                     const TargetScheme &scheme) {
  std::vector<Line> lines = linesOf(statistics, chosen, method, scheme);
  Axis axis{std::min<double>(statistics.min(), chosen.min),
            std::max<double>(statistics.max(), chosen.max)};
  if (!(axis.max > axis.min))
    axis = {axis.min - 1, axis.max + 1};
  detail::Density density(statistics);
  std::array<double, numBars> bars{};
  for (size_t i = 0; i < density.size(); ++i) {
    double part = (density.point(i) - axis.min) / (axis.max - axis.min);
    bars[std::clamp(static_cast<int>(part * numBars), 0, numBars - 1)] +=
        density.weight(i);
  }
  double most = *std::max_element(bars.begin(), bars.end());
  auto heightOf = [&](double count) {
    return count > 0 ? height * std::log1p(count) / std::log1p(most) : 0;
  };

  int total = legend + 18 * static_cast<int>(lines.size()) + 10;
  os << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\""
     << left + width + 20 << "\" height=\"" << total
     << "\" font-family=\"sans-serif\" font-size=\"12\">\n"
     << "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<text x=\""
     << left << "\" y=\"18\" font-size=\"15\">";
  printText(os, title);
  os << "</text>\n<text x=\"" << left << "\" y=\"36\" fill=\"#555\">"
     << statistics.count() << " values, " << statistics.zeroCount()
     << " of them zero; at most " << llvm::format("%.0f", most)
     << " in a bar (logarithmic)</text>\n<path fill=\"#aec7e8\" d=\"";
  for (int bar = 0; bar < numBars; ++bar)
    if (double h = heightOf(bars[bar]))
      os << llvm::format("M%d %.1fh3v%.1fh-3z", left + 3 * bar,
                         top + height - h, h);
  os << "\"/>\n<path stroke=\"black\" d=\"M" << left << ' ' << top + height
     << "h" << width << "\"/>\n";
  for (int tick = 0; tick <= 4; ++tick) {
    double value = axis.min + (axis.max - axis.min) * tick / 4;
    os << llvm::format("<text x=\"%.1f\" y=\"%d\" "
                       "text-anchor=\"middle\">%.4g</text>\n",
                       axis.at(value), top + height + 16, value);
  }
  int y = legend;
  for (const Line &line : lines) {
    const char *stroke = &line == &lines.back() ? "2" : "1";
    os << llvm::format("<path fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" "
                       "d=\"M%.1f %dv%dM%.1f %dv%dM%d %dh24\"/>\n",
                       line.color, stroke, axis.at(line.range.min), top, height,
                       axis.at(line.range.max), top, height, left, y - 4);
    os << "<text x=\"" << left + 30 << "\" y=\"" << y << "\">";
    printText(os, line.label);
    os << llvm::format(": [%.6g, %.6g]</text>\n", line.range.min,
                       line.range.max);
    y += 18;
  }
  os << "</svg>\n";
}
