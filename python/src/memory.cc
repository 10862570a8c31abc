#include "memory.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include "errors.h"
#include "levee/memory.h"
#include "notes.h"
#include "unlocked.h"

namespace levee::python {
namespace {

namespace nb = nanobind;

// Those of the Python package: what a name does not fit is the package's own mistake.
ConflictPolicy PolicyOf(std::string_view name) {
  if (name == "last-write") return ConflictPolicy::kLastWrite;
  return name == "merge" ? ConflictPolicy::kMerge : ConflictPolicy::kManual;
}
FacetField FacetOf(std::string_view name) {
  if (name == "namespace") return FacetField::kNamespace;
  if (name == "tag") return FacetField::kTag;
  return name == "day" ? FacetField::kDay : FacetField::kCategory;
}
ExplainFormat FormatOf(std::string_view name) {
  if (name == "json") return ExplainFormat::kJson;
  return name == "svg" ? ExplainFormat::kSvg : ExplainFormat::kText;
}

std::unique_ptr<MemoryBank> Open(std::string uri, std::map<std::string, std::string> settings, std::string config_file,
                                 bool read_only, nb::object on_note) {
  StoreOptions options{.uri = std::move(uri), .settings = std::move(settings),
                       .config_file = std::move(config_file), .read_only = read_only};
  options.on_note = NoteTeller(std::move(on_note));
  return Unlocked([&] { return OpenMemory(std::move(options)); });
}

template <typename Work>
void UnlockedStatus(Work&& work) {
  const Status status = [&] {
    const nb::gil_scoped_release released;
    return std::forward<Work>(work)();
  }();
  OkOrRaise(status);
}

void DefineWriting(nb::class_<MemoryBank>& bank) {
  bank.def("store", [](MemoryBank& self, std::vector<ItemWrite> items, std::string author, std::string_view policy) {
        const WriteOptions options{.author = std::move(author), .on_conflict = PolicyOf(policy)};
        return Unlocked([&] { return self.Store(std::move(items), options); });
      })
      .def("update", [](MemoryBank& self, std::vector<ItemChange> changes, std::string author) {
        return Unlocked([&] { return self.Update(std::move(changes), {.author = std::move(author)}); });
      })
      .def("delete", [](MemoryBank& self, const std::vector<std::pair<std::string, std::optional<std::int64_t>>>& ids,
                        std::string author) {
        std::vector<ItemRemoval> removals;
        removals.reserve(ids.size());
        for (const auto& [id, expected] : ids) removals.push_back({id, expected});
        return Unlocked([&] { return self.Delete(std::move(removals), {.author = std::move(author)}); });
      });
}

void DefineReading(nb::class_<MemoryBank>& bank) {
  bank.def("get", [](MemoryBank& self, std::string_view id, std::optional<std::int64_t> version,
                     std::optional<std::int64_t> as_of) {
        return Unlocked([&] { return self.Get(id, {version, as_of}); });
      }, nb::arg("id"), nb::arg("version").none(), nb::arg("as_of").none())
      .def("get_all", [](MemoryBank& self, const std::vector<std::string>& ids, std::optional<std::int64_t> version,
                         std::optional<std::int64_t> as_of) {
        return Unlocked([&] { return self.GetAll(ids, {version, as_of}); });
      }, nb::arg("ids"), nb::arg("version").none(), nb::arg("as_of").none())
      .def("history", [](MemoryBank& self, std::string_view id, std::optional<std::int64_t> limit) {
        return Unlocked([&] { return self.History(id, limit); });
      }, nb::arg("id"), nb::arg("limit").none())
      .def("find", [](MemoryBank& self, const ItemQuery& query) { return Unlocked([&] { return self.Find(query); }); })
      .def("count", [](MemoryBank& self, const ItemQuery& query) { return Unlocked([&] { return self.Count(query); }); })
      .def("facets", [](MemoryBank& self, const ItemQuery& query, std::string_view field, std::int64_t limit) {
        const auto counted = Unlocked([&] { return self.Facets(query, FacetOf(field), limit); });
        std::vector<std::pair<std::string, std::int64_t>> pairs;
        for (const FacetCount& facet : counted) pairs.emplace_back(facet.value, facet.items);
        return pairs;
      })
      .def("explain", [](MemoryBank& self, const ItemQuery& query, std::string_view format, bool analyze) {
        return Unlocked([&] { return self.Explain(query, FormatOf(format), analyze); });
      });
}

void DefineUpkeep(nb::class_<MemoryBank>& bank) {
  bank.def("namespaces", [](MemoryBank& self) { return Unlocked([&] { return self.Namespaces(); }); })
      .def("set_quota", [](MemoryBank& self, std::string_view name_space, std::optional<std::int64_t> max_items,
                           std::optional<std::int64_t> max_bytes) {
        UnlockedStatus([&] { return self.SetQuota(name_space, {max_items, max_bytes}); });
      }, nb::arg("name_space"), nb::arg("max_items").none(), nb::arg("max_bytes").none())
      .def("add_index", [](MemoryBank& self, std::string name, std::vector<std::string> keys) {
        UnlockedStatus([&] { return self.AddIndex({std::move(name), std::move(keys)}); });
      })
      .def("drop_index", [](MemoryBank& self, std::string_view name) {
        UnlockedStatus([&] { return self.DropIndex(name); });
      })
      .def("indexes", [](MemoryBank& self) {
        const auto indexes = Unlocked([&] { return self.Indexes(); });
        std::vector<std::pair<std::string, std::vector<std::string>>> pairs;
        for (const IndexSpec& index : indexes) pairs.emplace_back(index.name, index.keys);
        return pairs;
      })
      .def("stats", [](MemoryBank& self) { return Unlocked([&] { return self.Stats(); }); })
      .def("stats_since",
           [](MemoryBank& self, std::int64_t since) { return Unlocked([&] { return self.StatsSince(since); }); })
      .def("update_settings",
           [](MemoryBank& self, const std::map<std::string, std::string>& settings) {
             UnlockedStatus([&] { return self.UpdateSettings(settings); });
           })
      .def("clear_cache", [](MemoryBank& self) { UnlockedStatus([&] { return self.ClearCache(); }); })
      .def("maintain", [](MemoryBank& self, bool merge, bool purge, bool compact_file, bool repair, bool rebuild) {
        const MaintenanceOptions options{
            .merge = merge, .purge = purge, .compact_file = compact_file, .repair = repair, .rebuild = rebuild};
        return Unlocked([&] { return self.Maintain(options); });
      })
      .def("verify", [](MemoryBank& self) { return Unlocked([&] { return self.Verify(); }); })
      .def("backup", [](MemoryBank& self, const std::string& path) {
        UnlockedStatus([&] { return self.Backup(path); });
      });
}

}  // namespace

void DefineMemory(nb::module_& module) {
  nb::class_<MemoryBank> bank(module, "MemoryBank");
  bank.def_prop_ro("uri", &MemoryBank::uri);
  DefineWriting(bank);
  DefineReading(bank);
  DefineUpkeep(bank);
  module.def("open_memory", Open, nb::arg("uri"), nb::arg("settings"), nb::arg("config_file"), nb::arg("read_only"),
             nb::arg("on_note"));
}

}  // namespace levee::python
