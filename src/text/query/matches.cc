#include "text/query/matches.h"

namespace levee::text {
namespace {

Status SetRows(const LeafList& list, Bitmap& out) {
  for (const std::uint16_t row : list.rows) out.Set(row);
  if (!list.blocks) return {};
  std::uint16_t rows[kBlock];
  for (std::uint32_t block = 0; block < list.blocks->blocks(); ++block) {
    if (!list.blocks->ReadRows(block, rows)) {
      return Fail(ErrorCode::kCorrupt, "posting list", "a block has other rows than its head");
    }
    for (std::uint32_t i = 0; i < list.blocks->size(block); ++i) out.Set(rows[i]);
  }
  return {};
}

class Matcher {
 public:
  Matcher(std::span<const Scorer> scorers, const PartInput& input, std::uint32_t part)
      : scorers_(scorers), input_(input), part_(part) {}

  Result<Bitmap> Match(const Node& node) {
    Bitmap found(input_.part->rows());
    switch (node.kind) {
      case NodeKind::kNothing: break;
      case NodeKind::kLeaf:
        for (const Scorer& scorer : scorers_) {
          if (scorer.leaf == node.leaf) LEVEE_RETURN_IF_ERROR(SetRows(scorer.lists[part_], found));
        }
        break;
      case NodeKind::kNot: {
        LEVEE_ASSIGN(const Bitmap without, Match(node.children[0]));
        found = Bitmap(input_.part->rows(), true);
        Remove(without, found);
        break;
      }
      default:
        LEVEE_ASSIGN(found, Match(node.children[0]));
        for (std::size_t i = 1; i < node.children.size(); ++i) {
          LEVEE_ASSIGN(const Bitmap other, Match(node.children[i]));
          node.kind == NodeKind::kAnd ? found.And(other) : found.Or(other);
        }
    }
    return found;
  }

  static void Remove(const Bitmap& rows, Bitmap& from) {
    for (std::size_t i = 0; i < from.words().size(); ++i) from.words()[i] &= ~rows.words()[i];
  }

 private:
  const std::span<const Scorer> scorers_;
  const PartInput& input_;
  const std::uint32_t part_;
};

}  // namespace

Result<Bitmap> MatchNode(const Node& node, std::span<const Scorer> scorers, const PartInput& input, std::uint32_t part) {
  LEVEE_ASSIGN(Bitmap found, Matcher(scorers, input, part).Match(node));
  if (input.gone != nullptr) Matcher::Remove(*input.gone, found);
  return found;
}

Result<Bitmap> RowsOfAny(std::span<const Scorer* const> scorers, const PartInput& input, std::uint32_t part) {
  Bitmap found(input.part->rows());
  for (const Scorer* scorer : scorers) LEVEE_RETURN_IF_ERROR(SetRows(scorer->lists[part], found));
  return found;
}

}  // namespace levee::text
