//===- Image.h - JPEG and PNG decoding --------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_RUNTIME_IMAGE_H
#define HWQ_RUNTIME_IMAGE_H

#include "hwq/Runtime/Tensor.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace hwq::runtime {

/// Largest image that is decoded, in pixels (384 MiB of RGB).
inline constexpr int64_t maxImagePixels = int64_t(1) << 27;

/// Decodes a JPEG or PNG image, told apart by their first bytes, into u8
/// [height, width, 3], RGB. `what` names the image in errors.
///
/// JPEG: the accurate integer DCT and smooth chroma upsampling (libjpeg's
/// defaults, as Pillow's); grey becomes R = G = B; CMYK is an error, and so is
/// anything that loses pixels (premature end, bad codes), while harmless
/// warnings such as stray bytes between markers are not. EXIF orientation is
/// ignored. PNG: the samples as they are stored, as Pillow has them: gAMA and
/// other chunks about colour are ignored, palettes and grey are expanded, of 16
/// bits the upper 8 are taken, alpha is dropped.
llvm::Expected<Tensor> decodeImage(llvm::StringRef bytes, llvm::StringRef what);

/// Reads and decodes an image file.
llvm::Expected<Tensor> readImage(llvm::StringRef path);

/// Whether a file name ends like an image that readImage takes: .jpg, .jpeg or
/// .png in any case.
bool hasImageExtension(llvm::StringRef path);

} // namespace hwq::runtime

#endif // HWQ_RUNTIME_IMAGE_H
