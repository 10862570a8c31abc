// Building ArrowArray and ArrowSchema trees that own what they point to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bitmap.h"
#include "base/status.h"
#include "columnar/arrow_export.h"

namespace levee::columnar {

// An array before it crosses the C interface: buffers, and what keeps them alive.
struct ArrowNode {
  std::int64_t length = 0;
  std::int64_t null_count = 0;
  std::vector<const void*> buffers;
  std::vector<std::shared_ptr<const void>> owners;
  std::vector<ArrowNode> children;
};

// Moves the tree into `out`; its release callback frees it all.
void MoveToArrowArray(ArrowNode node, ArrowArray* out);

// A schema node; children in order.
struct ArrowSchemaNode {
  std::string format;
  std::string name;
  std::int64_t flags = 0;
  std::vector<ArrowSchemaNode> children;
};

void MoveToArrowSchema(ArrowSchemaNode node, ArrowSchema* out);

// The Arrow format string of a column's type ("l", "tsu:UTC", "d:10,2").
std::string ArrowFormatOf(types::PrimitiveType type);

// The array of one column; takes its vectors.
Result<ArrowNode> MakeArrowNode(types::PrimitiveType type, ColumnVector values);

// An array of `rows` nulls.
ArrowNode MakeNullNode(types::PrimitiveType type, std::size_t rows);

// Adds the validity buffer (first of all buffers) and the null count.
void AddValidity(Bitmap validity, ArrowNode& node);

// Keeps `object` alive with the node and gives its address.
template <typename T>
const T& Keep(T object, ArrowNode& node) {
  auto owned = std::make_shared<const T>(std::move(object));
  node.owners.push_back(owned);
  return *owned;
}

}  // namespace levee::columnar
