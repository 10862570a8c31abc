// The makers that the table of encodings is built from; each is defined in the file of its encoding.
#pragma once

#include "columnar/encodings/encoding.h"

namespace levee::columnar {

std::unique_ptr<IntegerEncoder> MakePlainIntegerEncoder(std::span<const std::int64_t> values);
Result<std::unique_ptr<IntegerDecoder>> MakePlainIntegerDecoder(ByteSpan header);

std::unique_ptr<IntegerEncoder> MakeFrameOfReferenceEncoder(std::span<const std::int64_t> values);
Result<std::unique_ptr<IntegerDecoder>> MakeFrameOfReferenceDecoder(ByteSpan header);

std::unique_ptr<IntegerEncoder> MakeDeltaEncoder(std::span<const std::int64_t> values);
Result<std::unique_ptr<IntegerDecoder>> MakeDeltaDecoder(ByteSpan header);

std::unique_ptr<IntegerEncoder> MakeSparseEncoder(std::span<const std::int64_t> values);
Result<std::unique_ptr<IntegerDecoder>> MakeSparseDecoder(ByteSpan header);

std::unique_ptr<IntegerEncoder> MakeIntegerDictionaryEncoder(std::span<const std::int64_t> values);
Result<std::unique_ptr<IntegerDecoder>> MakeIntegerDictionaryDecoder(ByteSpan header);

std::unique_ptr<StringEncoder> MakePlainStringEncoder(const StringSlice& values);
Result<std::unique_ptr<StringDecoder>> MakePlainStringDecoder(ByteSpan header);

std::unique_ptr<StringEncoder> MakeStringDictionaryEncoder(const StringSlice& values);
Result<std::unique_ptr<StringDecoder>> MakeStringDictionaryDecoder(ByteSpan header);

std::unique_ptr<StringEncoder> MakeTemplateEncoder(const StringSlice& values);
Result<std::unique_ptr<StringDecoder>> MakeTemplateDecoder(ByteSpan header);

std::unique_ptr<StringEncoder> MakeFrontEncoder(const StringSlice& values);
Result<std::unique_ptr<StringDecoder>> MakeFrontDecoder(ByteSpan header);

std::unique_ptr<StringEncoder> MakeZstdEncoder(const StringSlice& values);
Result<std::unique_ptr<StringDecoder>> MakeZstdDecoder(ByteSpan header);

std::unique_ptr<StringEncoder> MakeLz4Encoder(const StringSlice& values);
Result<std::unique_ptr<StringDecoder>> MakeLz4Decoder(ByteSpan header);

}  // namespace levee::columnar
