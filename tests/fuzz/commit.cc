// Input: the text of a commit (or of a JSON checkpoint: the same actions).
#include "delta/action_parser.h"
#include "delta/commit_reader.h"
#include "delta/entry_batch_builder.h"
#include "tests/fakes/json_equal.h"
#include "tests/fuzz/fuzz.h"

using namespace levee;
using namespace levee::delta;

// Columns of every kind, for commits that bring no schema of their own.
constexpr char kSchema[] =
    R"s({"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}},)s"
    R"s({"name":"day","type":"date","nullable":true,"metadata":{}},{"name":"at","type":"timestamp","nullable":true,"metadata":{}},)s"
    R"s({"name":"s","type":"string","nullable":true,"metadata":{}},{"name":"d","type":"double","nullable":true,"metadata":{}},)s"
    R"s({"name":"price","type":"decimal(20,4)","nullable":true,"metadata":{}},{"name":"b","type":"binary","nullable":true,"metadata":{}},)s"
    R"s({"name":"inner","type":{"type":"struct","fields":[{"name":"x","type":"integer","nullable":true,"metadata":{}}]},)s"
    R"s("nullable":true,"metadata":{}},{"name":"p","type":"timestamp","nullable":true,"metadata":{}}]})s";

static types::Schema SchemaOf(const CommitContent& commit) {
  for (const StateAction& action : commit.state) {
    if (action.kind == StateKind::kMetadata) {
      if (auto metadata = ParseMetadata(action.json)) return std::move(metadata->schema);
    }
    if (action.kind == StateKind::kProtocol) {
      if (const auto protocol = ParseProtocol(action.json)) static_cast<void>(CheckReadable(*protocol));
    }
    static_cast<void>(StateKey(action.kind, action.json));
  }
  static const types::Schema schema = *ParseSchema(kSchema, {"p", "day"}, "none");
  return schema;
}

// Nothing of an action is lost: its statistics come back as the log has them.
static void CheckStatistics(const std::vector<AddAction>& adds, const types::Schema& schema) {
  EntryBatchBuilder builder(schema);
  for (const AddAction& add : adds) builder.Append(add);
  FUZZ_REQUIRE(builder.rows() == adds.size());
  const columnar::Batch batch = builder.Finish();
  FUZZ_REQUIRE(batch.rows == adds.size());
  const auto rendered = RenderStats(batch);
  FUZZ_REQUIRE(rendered.size() == adds.size());
  for (std::size_t i = 0; i < adds.size(); ++i) {
    FUZZ_REQUIRE(rendered[i].has_value() == adds[i].stats_json.has_value());
    if (!rendered[i] || fakes::JsonEqual(*rendered[i], *adds[i].stats_json)) continue;
    std::fprintf(stderr, "the log:  %s\nrendered: %s\n", adds[i].stats_json->c_str(), rendered[i]->c_str());
    FUZZ_REQUIRE(!"statistics come back as they were");
  }
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto commit = ParseCommit(7, text);
  CommitContent content;
  std::vector<SidecarAction> sidecars;
  const Status parsed = ParseActions(text, content, &sidecars);
  // Only who asks for sidecars reads them, and may refuse one.
  const bool may_have_sidecars = text.find("sidecar") != std::string::npos || text.find('\\') != std::string::npos;
  FUZZ_REQUIRE(commit.has_value() == parsed.has_value() || (commit && may_have_sidecars));
  if (!commit || !parsed) return 0;
  FUZZ_REQUIRE(content.adds.size() == commit->adds.size() && content.removes.size() == commit->removes.size());
  const types::Schema schema = SchemaOf(*commit);
  CheckStatistics(commit->adds, schema);
  FUZZ_REQUIRE(RemovesToBatch(commit->removes, schema).rows == commit->removes.size());
  return 0;
}
