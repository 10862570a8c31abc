// An embedding in a head: "f32:" and the base64 of its floats, little-endian; a third of the bytes that digits take.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace levee::memory {

std::string EmbeddingText(const std::vector<float>& embedding);
// Empty: the text is none.
std::optional<std::vector<float>> ParseEmbeddingText(std::string_view text);

}  // namespace levee::memory
