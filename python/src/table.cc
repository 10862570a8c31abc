#include "table.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include "errors.h"
#include "levee/levee.h"
#include "unlocked.h"

namespace levee::python {
namespace {

namespace nb = nanobind;
using Names = std::optional<std::vector<std::string>>;

FilesQuery QueryOf(std::string where, Names columns, std::string order, std::optional<std::int64_t> limit,
                   std::optional<std::int64_t> rows, Names paths) {
  return {.where = std::move(where), .columns = std::move(columns), .order = std::move(order),
          .limit = limit, .rows = rows, .paths = std::move(paths)};
}

ArrowStream Files(const Table& table, std::string where, Names columns, std::string order,
                  std::optional<std::int64_t> limit, std::optional<std::int64_t> rows, Names paths) {
  const FilesQuery query = QueryOf(std::move(where), std::move(columns), std::move(order), limit, rows,
                                   std::move(paths));
  return Unlocked([&] { return table.Files(query); });
}

std::int64_t Count(const Table& table, std::string where) {
  return Unlocked([&] { return table.Count({.where = std::move(where)}); });
}

std::string Explain(const Table& table, std::string where, Names columns, std::string_view format, bool analyze) {
  const ExplainFormat as = format == "json"  ? ExplainFormat::kJson
                           : format == "svg" ? ExplainFormat::kSvg
                                             : ExplainFormat::kText;
  const FilesQuery query{.where = std::move(where), .columns = std::move(columns)};
  return Unlocked([&] { return table.Explain(query, as, analyze); });
}

nb::bytes KeptRows(const Table& table, std::string storage_type, std::string path_or_inline,
                   std::optional<std::int64_t> offset, std::int64_t size_bytes, std::int64_t cardinality,
                   std::uint64_t rows) {
  const DeletionVector vector{std::move(storage_type), std::move(path_or_inline), offset, size_bytes, cardinality};
  const auto bits = Unlocked([&] { return table.KeptRows(vector, rows); });
  return nb::bytes(bits.data(), bits.size());
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> DeletedRows(const Table& table, std::string storage_type,
                                                                 std::string path_or_inline,
                                                                 std::optional<std::int64_t> offset,
                                                                 std::int64_t size_bytes, std::int64_t cardinality) {
  const DeletionVector vector{std::move(storage_type), std::move(path_or_inline), offset, size_bytes, cardinality};
  std::vector<std::pair<std::uint64_t, std::uint64_t>> rows;
  for (const RowRange& range : Unlocked([&] { return table.DeletedRows(vector); })) {
    rows.emplace_back(range.first, range.last);
  }
  return rows;
}

}  // namespace

void DefineTable(nb::module_& module) {
  nb::class_<Table>(module, "Table")
      .def_prop_ro("version", &Table::version)
      .def_prop_ro("timestamp_ms", &Table::timestamp_ms)
      .def_prop_ro("uri", &Table::uri)
      .def_prop_ro("name", &Table::name)
      .def_prop_ro("schema_json", &Table::schema_json)
      .def_prop_ro("partition_columns", &Table::partition_columns)
      .def("describe_json", &Table::DescribeJson)
      .def("files", Files, nb::arg("where"), nb::arg("columns").none(), nb::arg("order"), nb::arg("limit").none(),
           nb::arg("rows").none(), nb::arg("paths").none())
      .def("count", Count, nb::arg("where"))
      .def("explain", Explain, nb::arg("where"), nb::arg("columns").none(), nb::arg("format"), nb::arg("analyze"))
      .def("deleted_rows", DeletedRows, nb::arg("storage_type"), nb::arg("path_or_inline"), nb::arg("offset").none(),
           nb::arg("size_bytes"), nb::arg("cardinality"))
      .def("kept_rows", KeptRows, nb::arg("storage_type"), nb::arg("path_or_inline"), nb::arg("offset").none(),
           nb::arg("size_bytes"), nb::arg("cardinality"), nb::arg("rows"));
}

}  // namespace levee::python
