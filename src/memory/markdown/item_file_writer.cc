#include "memory/markdown/embedding_text.h"
#include "memory/markdown/item_file.h"
#include "memory/markdown/metadata_members.h"
#include "memory/markdown/table_of_contents.h"
#include "memory/markdown/yaml_scalar.h"
#include "memory/model/times.h"
#include "output/json_writer.h"

namespace levee::memory {
namespace {

// One line a member, in any of the formats.
class HeadWriter {
 public:
  HeadWriter(std::string& out, FrontMatterFormat format) : out_(out), format_(format) {}

  void Open() {
    if (format_ == FrontMatterFormat::kYaml) out_ += "---\n";
    if (format_ == FrontMatterFormat::kToml) out_ += "+++\n";
    if (format_ == FrontMatterFormat::kJson) out_ += "---json\n{";
  }
  void Close() {
    if (format_ == FrontMatterFormat::kYaml) out_ += "---\n";
    if (format_ == FrontMatterFormat::kToml) out_ += "+++\n";
    if (format_ == FrontMatterFormat::kJson) out_ += "\n}\n---\n";
  }

  void Text(std::string_view key, std::string_view text) {
    Begin(key);
    AppendText(text);
    End();
  }
  // A number, or other JSON that the format has too.
  void Json(std::string_view key, std::string_view json) {
    Begin(key);
    out_ += json;
    End();
  }
  void Time(std::string_view key, std::int64_t micros) {
    const std::string text = TimeText(micros);
    format_ == FrontMatterFormat::kJson ? Text(key, text) : Json(key, text);
  }

  void Tags(const std::vector<std::string>& tags) {
    Begin("tags");
    out_ += '[';
    for (std::size_t i = 0; i < tags.size(); ++i) {
      if (i > 0) out_ += ", ";
      AppendText(tags[i]);
    }
    out_ += ']';
    End();
  }

  void Clock(const VectorClock& clock) {
    Begin("vectorClock");
    out_ += '{';
    bool first = true;
    for (const auto& [replica, count] : clock) {
      if (!first) out_ += ", ";
      first = false;
      AppendYamlQuoted(out_, replica);
      out_.append(format_ == FrontMatterFormat::kToml ? " = " : ": ").append(std::to_string(count));
    }
    out_ += '}';
    End();
  }

 private:
  void Begin(std::string_view key) {
    switch (format_) {
      case FrontMatterFormat::kYaml: out_.append(key).append(": "); return;
      case FrontMatterFormat::kToml: out_.append(key).append(" = "); return;
      case FrontMatterFormat::kJson: out_.append(first_ ? "\n\"" : ",\n\"").append(key).append("\": "); break;
      case FrontMatterFormat::kNone: break;
    }
    first_ = false;
  }
  void End() {
    if (format_ != FrontMatterFormat::kJson) out_ += '\n';
  }
  void AppendText(std::string_view text) {
    format_ == FrontMatterFormat::kYaml ? AppendYamlText(out_, text) : AppendYamlQuoted(out_, text);
  }

  std::string& out_;
  FrontMatterFormat format_;
  bool first_ = true;
};

void WriteMetadata(HeadWriter& head, const Item& item, FrontMatterFormat format) {
  // A JSON head takes it as it is.
  if (format == FrontMatterFormat::kJson) return head.Json("metadata", item.metadata);
  const auto members = PlainMembers(item.metadata, format);
  if (!members) return head.Text("metadata", item.metadata);
  for (const JsonMember& member : *members) {
    const bool bare = format == FrontMatterFormat::kYaml && member.value.size() > 2 && member.value.starts_with('"') &&
                      IsPlainText(std::string_view(member.value).substr(1, member.value.size() - 2));
    head.Json(member.key, bare ? member.value.substr(1, member.value.size() - 2) : member.value);
  }
}

void WriteHead(std::string& out, const Item& item, FrontMatterFormat format) {
  HeadWriter head(out, format);
  head.Open();
  head.Text("id", item.id);
  head.Text("namespace", item.name_space);
  head.Text("category", item.category);
  if (!item.tags.empty()) head.Tags(item.tags);
  head.Time("created", item.created);
  head.Time("updated", item.updated);
  if (item.expires) head.Time("expires", *item.expires);
  head.Json("version", std::to_string(item.version));
  if (!item.vector_clock.empty()) head.Clock(item.vector_clock);
  WriteMetadata(head, item, format);
  if (!item.embedding_model.empty()) head.Text("embeddingModel", item.embedding_model);
  if (!item.embedding.empty()) head.Text("embedding", EmbeddingText(item.embedding));
  head.Close();
}

}  // namespace

std::string WriteItemFile(const Item& item, const ItemFileForm& form) {
  std::string file;
  file.reserve(item.content.size() + item.metadata.size() + 512);
  if (form.front_matter != FrontMatterFormat::kNone) WriteHead(file, item, form.front_matter);
  // A content that begins as a table of contents does would be taken for one.
  if (form.table_of_contents) {
    file += TableOfContents(item.content);
  } else if (item.content.starts_with(kContentsBegin)) {
    file.append(kContentsBegin).append(kContentsEnd);
  }
  return file.append(item.content);
}

}  // namespace levee::memory
