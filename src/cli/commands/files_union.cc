// `files` of several tables: one list, with the table's name in front.
#include <string>
#include <utility>
#include <vector>

#include "cli/commands/files_modes.h"
#include "cli/file_list.h"
#include "cli/table_view.h"
#include "cli/union_columns.h"

namespace levee::cli {
namespace {

// What has no meaning for several tables.
std::expected<void, Failure> Refuse(const Context& context, const FileQuestion& question) {
  const auto wrong = [](std::string what, std::string why, std::string hint) {
    return std::unexpected(UsageError{std::move(what), std::move(why), std::move(hint)});
  };
  if (context.line.Has("version")) {
    return wrong("option --version", "versions of several tables do not belong together", "use --timestamp");
  }
  if (question.request.rows) return wrong("option --rows", "it is for one table", "use --limit");
  if (question.format == "paths" && question.explain.empty() && !question.count) {
    return wrong("option --format", "paths alone do not tell their tables",
                 "use --format csv --columns table,path");
  }
  return {};
}

std::int64_t AllFiles(const catalog::UnionView& view) {
  std::int64_t files = 0;
  for (const auto& table : view.tables()) files += table->state().commit.num_files;
  return files;
}

Outcome Explain(Context& context, const catalog::UnionView& view, const FileQuestion& question,
                const catalog::UnionRequest& request) {
  catalog::Explanation explanation;
  api::ExplainedAnswer answer{.explanation = explanation};
  std::string names;
  for (std::size_t i = 0; i < view.tables().size(); ++i) {
    const std::string_view name = context.line.arguments[i];
    names += (i == 0 ? "" : ", ") + std::string(name);
    answer.tables.push_back({name, view.tables()[i]->state().version});
  }
  answer.table = names;
  if (question.count) {
    LEVEE_ASSIGN(answer.files, view.Count(request, &explanation));
  } else {
    LEVEE_ASSIGN(auto stream, view.Files(request, &explanation));
    LEVEE_ASSIGN(const FileTotals totals,
                 PrintFiles(std::move(stream), {}, {.format = "none", .look = {}, .out = context.out}));
    answer.files = totals.files;
  }
  answer.all_files = AllFiles(view);
  answer.times = context.line.Has("analyze");
  PrintExplanation(question, answer, context.out);
  return kExitDone;
}

}  // namespace

Outcome ListFilesOfTables(Context& context, FileQuestion question) {
  if (const auto allowed = Refuse(context, question); !allowed) return std::unexpected(allowed.error());
  LEVEE_ASSIGN(const catalog::VersionChoice choice, ChosenVersion(context));
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  LEVEE_ASSIGN(const std::unique_ptr<catalog::UnionView> view,
               catalog->OpenUnion(context.line.arguments, choice));
  context.console.EndProgress();
  std::vector<NamedView> tables;
  tables.reserve(view->tables().size());
  for (std::size_t i = 0; i < view->tables().size(); ++i) {
    tables.push_back({context.line.arguments[i], *view->tables()[i]});
  }
  LEVEE_ASSIGN(UnionPlan plan, PlanUnion(tables,
                                         {.columns = question.columns,
                                          .defaults = DefaultsOf(question.format),
                                          .listed = question.listed()},
                                         context.line.Value("order-by").value_or("")));
  catalog::UnionRequest request{.files = std::move(question.request), .columns = std::move(plan.columns)};
  request.files.columns = std::move(plan.files.columns);
  request.files.order = std::move(plan.order);
  if (!question.explain.empty()) return Explain(context, *view, question, request);
  if (question.count) {
    LEVEE_ASSIGN(const std::int64_t files, view->Count(request, nullptr));
    context.out.AppendLine(std::to_string(files));
    return kExitDone;
  }
  LEVEE_ASSIGN(auto stream, view->Files(request, nullptr));
  const FileListing listing{question.format, context.console.terminals().table_look, context.out};
  LEVEE_ASSIGN(const FileTotals totals, PrintFiles(std::move(stream), plan.files, listing));
  if (question.format == "table") {
    LEVEE_RETURN_IF_ERROR(context.out.Flush());
    context.console.Note(TotalsText(totals, AllFiles(*view)));
  }
  return kExitDone;
}

}  // namespace levee::cli
