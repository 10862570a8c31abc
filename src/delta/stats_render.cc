// Statistics JSON out of typed columns.
#include <algorithm>
#include <map>
#include <memory>

#include "delta/entry_batch_builder.h"
#include "delta/json_text.h"
#include "delta/stats_renderer.h"
#include "delta/stats_slots.h"
#include "delta/stats_value.h"

namespace levee::delta {
namespace {

using columnar::BatchColumn;
using columnar::ColumnRole;
using columnar::ColumnVector;
using columnar::StatsForm;

// An object of the statistics: its members are columns or further objects.
struct RenderNode {
  std::map<std::string, RenderNode, std::less<>> members;
  // Several after the type was widened, narrower ones first: the first with a value has the type that the
  // log's text was read as, the others may have that value widened.
  std::vector<const BatchColumn*> columns;
};

using Overlay = std::vector<JsonMember>;

void AppendValue(std::string& json, const BatchColumn& column, std::size_t row) {
  const ColumnVector& values = column.values;
  switch (values.physical) {
    case types::PhysicalType::kInt64: AppendStatsInteger(json, values.ints[row], column.key.type); break;
    case types::PhysicalType::kDouble: AppendStatsDouble(json, values.doubles[row], column.key.type); break;
    case types::PhysicalType::kString: AppendStatsText(json, values.strings[row], column.key.type); break;
  }
}

const JsonMember* FindMember(const Overlay* overlay, std::string_view key) {
  for (std::size_t i = 0; overlay != nullptr && i < overlay->size(); ++i) {
    if ((*overlay)[i].key == key) return &(*overlay)[i];
  }
  return nullptr;
}

// Appends the object's members; `overlay` holds those that the columns lack or misspell.
void AppendObject(std::string& json, const RenderNode& node, std::size_t row, const Overlay* overlay);

void AppendMember(std::string& json, const std::string& key, const RenderNode& node, std::size_t row,
                  const JsonMember* given) {
  if (!node.members.empty()) {
    std::optional<Overlay> inner;
    if (given != nullptr) inner = JsonObjectMembers(given->value);
    if (given == nullptr || inner) {
      // In place, and undone where there was nothing to say: a text of its own for each object costs more.
      const std::size_t before = json.size();
      AppendJsonKey(json, key);
      json += '{';
      const std::size_t empty = json.size();
      AppendObject(json, node, row, inner ? &*inner : nullptr);
      json.size() == empty && !inner ? json.resize(before) : json.push_back('}');
      return;
    }
  }
  if (given != nullptr) {
    AppendJsonKey(json, key);
    json += given->value;
    return;
  }
  for (const BatchColumn* const column : node.columns) {
    if (!column->values.IsValid(row)) continue;
    AppendJsonKey(json, key);
    AppendValue(json, *column, row);
    return;
  }
}

void AppendObject(std::string& json, const RenderNode& node, std::size_t row, const Overlay* overlay) {
  for (const auto& [key, member] : node.members)
    AppendMember(json, key, member, row, FindMember(overlay, key));
  for (std::size_t i = 0; overlay != nullptr && i < overlay->size(); ++i) {
    if (node.members.contains((*overlay)[i].key)) continue;
    AppendJsonKey(json, (*overlay)[i].key);
    json += (*overlay)[i].value;
  }
}

RenderNode& NodeOf(RenderNode& root, std::string_view path) {
  RenderNode* node = &root;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(types::kPathSeparator, begin), path.size());
    node = &node->members[std::string(path.substr(begin, end - begin))];
    begin = end + 1;
  }
  return *node;
}

RenderNode PlanOf(const columnar::Batch& batch) {
  RenderNode root;
  for (const BatchColumn& column : batch.columns) {
    const auto in_section = [&](StatsSection section) {
      auto& columns = NodeOf(root.members[std::string(SectionName(section))], column.key.path).columns;
      const auto narrower = [](const BatchColumn* a, const BatchColumn* b) {
        return KeyLess(a->key, b->key);
      };
      columns.insert(std::ranges::upper_bound(columns, &column, narrower), &column);
    };
    switch (column.key.role) {
      case ColumnRole::kNumRecords: root.members["numRecords"].columns.push_back(&column); break;
      case ColumnRole::kTightBounds: root.members["tightBounds"].columns.push_back(&column); break;
      case ColumnRole::kMin: in_section(StatsSection::kMin); break;
      case ColumnRole::kMax: in_section(StatsSection::kMax); break;
      case ColumnRole::kNullCount: in_section(StatsSection::kNullCount); break;
      default: break;
    }
  }
  return root;
}

}  // namespace

struct StatsRenderer::Plan {
  RenderNode root;
  const ColumnVector* forms;
  const ColumnVector* residuals;
};

StatsRenderer::StatsRenderer(const columnar::Batch& batch)
    : plan_(std::make_unique<const Plan>(Plan{.root = PlanOf(batch),
                                              .forms = batch.Find(ColumnRole::kStatsForm),
                                              .residuals = batch.Find(ColumnRole::kStatsResidual)})) {}

StatsRenderer::~StatsRenderer() = default;

bool StatsRenderer::Append(std::size_t row, std::string& json) const {
  if (plan_->forms == nullptr || !plan_->forms->IsValid(row)) return false;
  const auto form = static_cast<StatsForm>(plan_->forms->ints[row]);
  const bool has_residual = plan_->residuals != nullptr && plan_->residuals->IsValid(row);
  const std::string_view residual = has_residual ? plan_->residuals->strings[row] : std::string_view();
  if (form == StatsForm::kRaw) {
    json += residual;
    return true;
  }
  std::optional<Overlay> overlay;
  if (form == StatsForm::kPartial) overlay = JsonObjectMembers(residual);
  json += '{';
  AppendObject(json, plan_->root, row, overlay ? &*overlay : nullptr);
  json += '}';
  return true;
}

std::vector<std::optional<std::string>> RenderStats(const columnar::Batch& batch) {
  const StatsRenderer renderer(batch);
  std::vector<std::optional<std::string>> rendered(batch.rows);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    std::string json;
    if (renderer.Append(row, json)) rendered[row] = std::move(json);
  }
  return rendered;
}

}  // namespace levee::delta
