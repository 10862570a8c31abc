#include "text/check_part.h"

#include <algorithm>
#include <span>

#include "base/bitmap.h"

namespace levee::text {
namespace {

// A token's postings as one document has them.
struct Occurrences {
  std::uint32_t row = 0;
  std::span<const std::uint32_t> positions;
};

class OccurrenceReader {
 public:
  explicit OccurrenceReader(const Postings& postings) : postings_(postings) {}
  std::optional<Occurrences> Next() {
    if (index_ == postings_.rows.size()) return std::nullopt;
    const std::uint32_t count = postings_.counts[index_];
    const std::span<const std::uint32_t> all = postings_.positions;
    const Occurrences found{postings_.rows[index_++], all.subspan(at_, count)};
    at_ += count;
    return found;
  }

 private:
  const Postings& postings_;
  std::size_t index_ = 0, at_ = 0;
};

class Check {
 public:
  Check(const Part& part, std::size_t limit) : part_(part), limit_(limit), left_out_(part.rows()) {}

  Status IndexDocuments(const MemoryPartOptions& options, const DocumentOfRow& document_of_row) {
    const auto wanted = MemoryPart::Make(options);
    for (std::uint32_t row = 0; row < part_.rows(); ++row) {
      LEVEE_ASSIGN(const std::optional<CheckedDocument> document, document_of_row(row));
      if (!document) left_out_.Set(row);
      const Document view = document ? Document{document->content, document->tags, document->category} : Document{};
      LEVEE_RETURN_IF_ERROR(wanted->Add(view));
    }
    wanted_ = wanted->Snapshot();
    return {};
  }

  std::vector<Disagreement> Run() {
    for (const Field field : kAllFields) {
      field_ = field;
      if (wanted_->has(field) != part_.has(field)) {
        Report("", std::nullopt, part_.has(field) ? "the field is indexed, but is not to be" : "the field is not indexed");
      } else if (part_.has(field)) {
        CheckLengths();
        CheckTokens();
      }
    }
    return std::move(found_);
  }

 private:
  void Report(std::string token, std::optional<std::uint32_t> row, std::string what) {
    if (found_.size() < limit_) found_.push_back({field_, std::move(token), row, std::move(what)});
  }

  void CheckLengths() {
    const Lengths wanted = wanted_->lengths(field_), has = part_.lengths(field_);
    for (std::uint32_t row = 0; row < part_.rows(); ++row) {
      if (left_out_.Get(row) || wanted[row] == has[row]) continue;
      Report("", row, "has " + std::to_string(wanted[row]) + " tokens, the index says " + std::to_string(has[row]));
    }
  }

  // Both dictionaries in step; a token that one lacks has no postings there.
  void CheckTokens() {
    const auto wanted = wanted_->Tokens(field_, ""), has = part_.Tokens(field_, "");
    bool more_wanted = wanted->Next(), more = has->Next();
    while ((more_wanted || more) && found_.size() < limit_) {
      const bool take_wanted = more_wanted && (!more || wanted->token() <= has->token());
      const bool take = more && (!more_wanted || has->token() <= wanted->token());
      const std::string token(take ? has->token() : wanted->token());
      wanted_postings_.Clear();
      postings_.Clear();
      Status read;
      if (take_wanted) read = wanted_->Read(field_, wanted->place(), true, wanted_postings_);
      if (take && read) read = part_.Read(field_, has->place(), true, postings_);
      if (read) {
        CheckPostings(token);
      } else {
        Report(token, std::nullopt, read.error().why);
      }
      if (take_wanted) more_wanted = wanted->Next();
      if (take) more = has->Next();
    }
    if (!has->status()) Report("", std::nullopt, has->status().error().why);
  }

  void CheckPostings(const std::string& token) {
    OccurrenceReader wanted_reader(wanted_postings_), reader(postings_);
    auto wanted = wanted_reader.Next(), has = reader.Next();
    while (wanted || has) {
      const bool take_wanted = wanted && (!has || wanted->row <= has->row);
      const bool take = has && (!wanted || has->row <= wanted->row);
      const std::uint32_t row = take ? has->row : wanted->row;
      if (!left_out_.Get(row)) {
        if (!take) Report(token, row, "is in the document but not in the index");
        if (!take_wanted) Report(token, row, "is in the index but not in the document");
        if (take && take_wanted && !std::ranges::equal(wanted->positions, has->positions)) {
          Report(token, row, "stands elsewhere in the document than the index says");
        }
      }
      if (take_wanted) wanted = wanted_reader.Next();
      if (take) has = reader.Next();
    }
  }

  const Part& part_;
  const std::size_t limit_;
  Bitmap left_out_;
  std::shared_ptr<const Part> wanted_;
  Field field_ = Field::kContent;
  std::vector<Disagreement> found_;
  Postings wanted_postings_, postings_;
};

}  // namespace

Result<std::vector<Disagreement>> CheckPart(const Part& part, const MemoryPartOptions& options,
                                            const DocumentOfRow& document_of_row, std::size_t limit) {
  Check check(part, limit);
  LEVEE_RETURN_IF_ERROR(check.IndexDocuments(options, document_of_row));
  return check.Run();
}

}  // namespace levee::text
