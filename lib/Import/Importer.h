//===- Importer.h - State of one ONNX import --------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_IMPORT_IMPORTER_H
#define HWQ_LIB_IMPORT_IMPORTER_H

#include "OnnxGraph.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"

namespace hwq::onnx_import {

using mlir::ArrayRef;
using mlir::failed;
using mlir::failure;
using mlir::FailureOr;
using mlir::LogicalResult;
using mlir::SmallVector;
using mlir::StringRef;
using mlir::success;
using mlir::Value;

inline constexpr int64_t kDynamic = mlir::ShapedType::kDynamic;
/// Bounds of a clamp that does not bound.
inline constexpr float kFloatMax = 3.40282347e+38f;

/// A tensor that depends on the input. It is held in ONNX's layout,
/// channels-last, or both; the missing one is made when it is asked for.
/// Channels-last of rank 4 is N,H,W,C, of rank 3 N,1,L,C (a feature map of
/// height 1); other ranks have only ONNX's layout.
struct Activation {
  /// In ONNX's layout; at most one dimension is dynamic.
  SmallVector<int64_t> shape;
  /// The dynamic dimension is this many times the batch.
  int64_t batchFactor = 1;
  bool isInteger = false;
  /// Of codes of a quantizer, for which the values stand with the real numbers
  /// that they mean.
  std::optional<Quantization> grid;
  /// Of codes: what a DequantizeLinear makes of them, once there is one.
  std::shared_ptr<Activation> dequantized;
  Value plain, channelsLast;
  /// The f32 values of an integer input that has codes of 8 bits, or null.
  Value codes;

  int64_t rank() const { return static_cast<int64_t>(shape.size()); }
  bool hasChannelsLast() const { return rank() == 3 || rank() == 4; }
  /// Axis of ONNX's layout to axis of the channels-last one.
  int64_t channelsLastAxis(int64_t axis) const;
};
using ActivationPtr = std::shared_ptr<Activation>;

/// What an ONNX name stands for: one of the two.
struct OnnxValue {
  HostTensorPtr constant;
  ActivationPtr activation;
};

class Importer;
using OpHandler = LogicalResult (*)(Importer &);

/// Builds the function, node by node. While a node is imported, the members
/// that speak of inputs, outputs and attributes refer to that node.
class Importer {
public:
  Importer(const Graph &graph, StringRef path, mlir::MLIRContext *context);

  /// Null after an error, which has been reported.
  mlir::OwningOpRef<mlir::ModuleOp> run();

  mlir::OpBuilder builder;

  //===--- The current node -----------------------------------------------===//

  const Node &node() const { return *current; }
  int64_t opset() const { return graph.opset; }
  /// An error that names node, op type and opset.
  mlir::InFlightDiagnostic error();
  mlir::Location loc();

  int64_t getInt(StringRef name, int64_t defaultValue);
  float getFloat(StringRef name, float defaultValue);
  std::string getString(StringRef name, StringRef defaultValue);
  /// Nothing when there is no such attribute. Wrong kinds are reported when the
  /// handler returns.
  std::optional<SmallVector<int64_t>> getInts(StringRef name);
  std::optional<SmallVector<float>> getFloats(StringRef name);
  const NodeAttribute *getAttribute(StringRef name, NodeAttribute::Kind kind);

  unsigned numInputs() const;
  bool hasInput(unsigned i) const;
  bool hasOutput(unsigned i) const;
  /// Reports more or fewer inputs than the op has.
  LogicalResult expectInputs(unsigned min, unsigned max);
  /// The constant, or null where the input is none (or absent).
  HostTensorPtr constantOrNull(unsigned i);
  /// Reports an input that is no constant of that kind.
  FailureOr<HostTensorPtr> floatConstant(unsigned i, StringRef what);
  FailureOr<SmallVector<int64_t>> intConstant(unsigned i, StringRef what);
  /// The f32 activation of an input; a constant becomes a tosa.const.
  FailureOr<ActivationPtr> activation(unsigned i);
  /// The same for an integer or f32 activation.
  FailureOr<ActivationPtr> anyActivation(unsigned i);
  const OnnxValue &input(unsigned i);

  void define(unsigned output, HostTensorPtr constant);
  void define(unsigned output, ActivationPtr activation);
  /// An alias: the same tensor under another name.
  void define(unsigned output, const OnnxValue &value);
  /// Defines the output as this value, whose op gets the ONNX name. Reports an
  /// absurd shape.
  LogicalResult definePlain(unsigned output, Value value,
                            ArrayRef<int64_t> shape, int64_t batchFactor);
  LogicalResult defineChannelsLast(unsigned output, Value value,
                                   ArrayRef<int64_t> shape,
                                   int64_t batchFactor);
  /// Puts the ONNX name on the op that makes `value`, unless another has it.
  void setName(unsigned output, Value value);
  /// Imports a node that is a part of the current one, in whose name errors
  /// are.
  LogicalResult importPart(const Node &part);
  /// Makes a constant known under a name that the graph does not have.
  void defineConstant(StringRef name, HostTensorPtr constant);
  /// Passes an activation through an observer that has these parameters; what
  /// it makes is output 0. One tensor with equal quantizers has one observer.
  LogicalResult defineObserved(Activation &input, StringRef name,
                               const Quantization &quantization);
  /// The current node's input 0, codes straight from their observer, on a
  /// narrower grid.
  LogicalResult narrowObserved(Activation &codes,
                               const Quantization &quantization);
  /// Says on a constant of weights or a bias which grid its values are on;
  /// `quantization` has the axis of the constant. Nothing without one.
  void setParams(Value constant,
                 const std::optional<Quantization> &quantization);
  /// The grid of weights, an error where its scales are not along `axis`; then
  /// along axis 0.
  FailureOr<std::optional<Quantization>>
  weightQuantization(const HostTensor &weights, int64_t axis);
  /// How many nodes and graph outputs use this output.
  unsigned useCount(StringRef valueName) const;

  //===--- Types, constants, layout (Layout.cpp)
  //---------------------------===//

  mlir::RankedTensorType f32(ArrayRef<int64_t> shape);
  SmallVector<int64_t> shapeOf(Value value);
  /// A weight or other constant; `name` becomes the key of its blob. Weights'
  /// output channels, dimension 0 here, are `channelAxis` of the initializer.
  Value constant(ArrayRef<int64_t> shape, ArrayRef<float> values,
                 StringRef name, int64_t channelAxis = 0);
  Value scalar(float value, int64_t rank);
  /// A `!tosa.shape`; dynamic dimensions are -1.
  Value shapeConstant(ArrayRef<int64_t> shape);
  Value reshape(Value value, ArrayRef<int64_t> shape);
  Value transpose(Value value, ArrayRef<int64_t> perm);
  /// Slices, the dynamic axes whole.
  Value slice(Value value, ArrayRef<int64_t> start, ArrayRef<int64_t> shape);
  /// Pads by (before, after) pairs per axis.
  Value pad(Value value, ArrayRef<int64_t> pads, float padValue);
  /// Repeats every axis so many times.
  Value tile(Value value, ArrayRef<int64_t> multiples);
  Value mul(Value a, Value b);

  Value plain(Activation &activation);
  Value channelsLast(Activation &activation);
  /// A value with the elements in the order of ONNX's layout, whatever its
  /// shape.
  Value inOnnxOrder(Activation &activation);
  SmallVector<int64_t> channelsLastShape(ArrayRef<int64_t> shape);
  /// A constant in the layout and rank of an operand of an elementwise op.
  Value broadcastConstant(const HostTensor &tensor, int64_t rank,
                          bool channelsLast);
  /// Reports a NaN or infinity in weights.
  LogicalResult requireFinite(const HostTensor &tensor);
  /// Maps a possibly negative axis to [0, rank); reports one outside.
  FailureOr<int64_t> normalizeAxis(int64_t axis, int64_t rank);
  FailureOr<SmallVector<int64_t>> normalizeAxes(ArrayRef<int64_t> axes,
                                                int64_t rank);
  /// Elements of one sample times the batch factor.
  int64_t countStatic(const Activation &activation);

private:
  LogicalResult importInputs(mlir::func::FuncOp func);
  Value bytes(mlir::BlockArgument arg);
  LogicalResult importNode(const Node &node);
  LogicalResult importCurrent();
  /// Codes that are moved stay codes, in other ops they are an error.
  LogicalResult checkCodes(std::optional<Quantization> &codes);
  bool isClipOfCodes();
  void keepQuantization();
  LogicalResult importOutputs(mlir::func::FuncOp func);
  LogicalResult checkShape(ArrayRef<int64_t> shape);
  /// Initializers are decoded here, once.
  FailureOr<const OnnxValue *> lookup(StringRef name);

  const Graph &graph;
  mlir::Location fileLoc;
  const Node *current = nullptr;
  /// The node that the current one is a part of, or null.
  const Node *whole = nullptr;
  llvm::StringMap<OnnxValue> values;
  /// The ONNX names that an op has.
  llvm::StringSet<> named;
  llvm::StringMap<unsigned> uses;
  /// The first observer of a value, and the names of all.
  llvm::DenseMap<Value, mlir::Operation *> observers;
  llvm::StringSet<> observed;
  /// Feature maps at the boundary go channels-last at once.
  bool hasFeatureMaps = false;
  /// Attributes of a wrong kind, to be reported.
  std::string wrongAttribute;
};

/// Whether all inputs are constants and the node was evaluated on the host.
/// Shape of an activation is evaluated, too. (Fold*.cpp)
FailureOr<bool> foldNode(Importer &importer);

/// Imports a node that computes on codes (QLinearConv, ...) as what it stands
/// for: DequantizeLinear, a float op, QuantizeLinear. Null where the node is no
/// such. (QLinearOps.cpp)
OpHandler findQLinearHandler(const Node &node);
/// The op only moves or selects values, whatever they are.
bool isMovement(StringRef opType);
LogicalResult importClipOfCodes(Importer &importer);

using HandlerTable = llvm::StringMap<OpHandler>;
void addConvHandlers(HandlerTable &table);
void addMatMulHandlers(HandlerTable &table);
void addPoolHandlers(HandlerTable &table);
void addElementwiseHandlers(HandlerTable &table);
void addActivationHandlers(HandlerTable &table);
void addNormHandlers(HandlerTable &table);
void addReduceHandlers(HandlerTable &table);
void addReshapeHandlers(HandlerTable &table);
void addMovementHandlers(HandlerTable &table);
void addGatherHandlers(HandlerTable &table);
void addResizeHandlers(HandlerTable &table);
void addQuantizeHandlers(HandlerTable &table);

} // namespace hwq::onnx_import

#endif // HWQ_LIB_IMPORT_IMPORTER_H
