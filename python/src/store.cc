#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include "errors.h"
#include "levee/levee.h"
#include "notes.h"
#include "table.h"
#include "unlocked.h"

namespace levee::python {
namespace {

namespace nb = nanobind;

std::unique_ptr<Store> Open(std::string uri, std::map<std::string, std::string> settings, std::string config_file,
                            bool read_only, nb::object on_note) {
  StoreOptions options{.uri = std::move(uri), .settings = std::move(settings),
                       .config_file = std::move(config_file), .read_only = read_only};
  options.on_note = NoteTeller(std::move(on_note));
  return Unlocked([&] { return OpenStore(std::move(options)); });
}

std::unique_ptr<Table> OpenTable(Store& store, std::string_view table, std::optional<std::int64_t> version,
                                 std::optional<std::int64_t> timestamp_ms) {
  return Unlocked([&] { return store.OpenTable(table, {version, timestamp_ms}); });
}

nb::dict SyncToDict(const SyncReport& report) {
  nb::dict dict;
  dict["name"] = report.name;
  dict["uri"] = report.uri;
  dict["from_version"] = report.from_version;
  dict["to_version"] = report.to_version;
  dict["commits"] = report.commits;
  dict["files"] = report.files;
  dict["imported"] = report.imported;
  dict["seconds"] = report.seconds;
  return dict;
}

nb::dict CheckToDict(const CheckReport& report) {
  nb::dict dict;
  dict["status"] = CheckStatusName(report.status);
  dict["store_version"] = report.store_version;
  dict["log_version"] = report.log_version;
  dict["missing"] = report.missing;
  dict["unexpected"] = report.unexpected;
  dict["differing"] = report.differing;
  dict["missing_count"] = report.missing_count;
  dict["unexpected_count"] = report.unexpected_count;
  dict["differing_count"] = report.differing_count;
  dict["notes"] = report.notes;
  return dict;
}

nb::dict RepairToDict(const RepairReport& report) {
  nb::dict dict;
  dict["status"] = RepairStatusName(report);
  dict["version"] = report.version;
  dict["found"] = report.found;
  dict["done"] = report.done;
  nb::list lost;
  for (const auto& [first, last] : report.lost) lost.append(nb::make_tuple(first, last));
  dict["lost"] = lost;
  return dict;
}

nb::list History(Store& store, std::string_view table, std::optional<std::int64_t> limit) {
  const auto commits = Unlocked([&] { return store.History(table, limit); });
  nb::list list;
  for (const Commit& commit : commits) {
    list.append(nb::make_tuple(commit.version, commit.timestamp_ms, commit.commit_info_json, commit.files_added,
                               commit.files_removed, commit.bytes_added, commit.rows_added));
  }
  return list;
}

nb::list Tables(Store& store) {
  const auto tables = Unlocked([&] { return store.Tables(); });
  nb::list list;
  for (const TableInfo& table : tables) {
    nb::dict dict;
    dict["name"] = table.name;
    dict["uri"] = table.uri;
    dict["version"] = table.version;
    dict["files"] = table.files;
    dict["bytes"] = table.bytes;
    dict["records"] = table.records;
    list.append(std::move(dict));
  }
  return list;
}

void Forget(Store& store, std::string_view table) {
  const Status forgotten = [&] {
    const nb::gil_scoped_release released;
    return store.Forget(table);
  }();
  OkOrRaise(forgotten);
}

}  // namespace

void DefineStore(nb::module_& module) {
  nb::class_<Store>(module, "Store")
      .def_prop_ro("uri", &Store::uri)
      .def("open_table", OpenTable, nb::arg("table"), nb::arg("version").none(),
           nb::arg("timestamp_ms").none())
      .def("sync", [](Store& store, std::string_view table) {
        return SyncToDict(Unlocked([&] { return store.Sync(table); }));
      })
      .def("check", [](Store& store, std::string_view table) {
        return CheckToDict(Unlocked([&] { return store.Check(table); }));
      })
      .def("repair", [](Store& store, std::string_view table, bool dry_run) {
        return RepairToDict(Unlocked([&] { return store.Repair(table, {.dry_run = dry_run}); }));
      }, nb::arg("table"), nb::arg("dry_run"))
      .def("add", [](Store& store, std::string_view table, std::string_view name) {
        return SyncToDict(Unlocked([&] { return store.Add(table, name); }));
      })
      .def("changes", [](Store& store, std::string_view table, std::int64_t from, std::optional<std::int64_t> to,
                         const std::optional<std::vector<std::string>>& columns) {
        return Unlocked([&] { return store.Changes(table, from, to, columns); });
      }, nb::arg("table"), nb::arg("start"), nb::arg("end").none(), nb::arg("columns").none())
      .def("history", History, nb::arg("table"), nb::arg("limit").none())
      .def("tables", Tables)
      .def("forget", Forget);
  module.def("open_store", Open, nb::arg("uri"), nb::arg("settings"), nb::arg("config_file"), nb::arg("read_only"),
             nb::arg("on_note"));
}

}  // namespace levee::python
