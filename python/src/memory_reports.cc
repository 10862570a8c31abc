#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "levee/memory_reports.h"
#include "memory.h"

namespace levee::python {
namespace {

namespace nb = nanobind;

void DefineStats(nb::module_& module) {
  nb::class_<OperationStats>(module, "OperationStats")
      .def_ro("operation", &OperationStats::operation)
      .def_ro("calls", &OperationStats::calls)
      .def_ro("errors", &OperationStats::errors)
      .def_ro("items", &OperationStats::items)
      .def_ro("calls_per_s", &OperationStats::calls_per_s)
      .def_ro("error_rate", &OperationStats::error_rate)
      .def_ro("mean_us", &OperationStats::mean_us)
      .def_ro("p50_us", &OperationStats::p50_us)
      .def_ro("p95_us", &OperationStats::p95_us)
      .def_ro("p99_us", &OperationStats::p99_us)
      .def_ro("max_us", &OperationStats::max_us);
  nb::class_<SlowOperation>(module, "SlowOperation")
      .def_ro("at", &SlowOperation::at)
      .def_ro("operation", &SlowOperation::operation)
      .def_ro("text", &SlowOperation::text)
      .def_ro("duration_us", &SlowOperation::duration_us)
      .def_ro("rows_examined", &SlowOperation::rows_examined)
      .def_ro("plan", &SlowOperation::plan);
  nb::class_<MemoryStats>(module, "MemoryStats")
      .def_ro("items", &MemoryStats::items)
      .def_ro("versions", &MemoryStats::versions)
      .def_ro("namespaces", &MemoryStats::namespaces)
      .def_ro("content_bytes", &MemoryStats::content_bytes)
      .def_ro("store_bytes", &MemoryStats::store_bytes)
      .def_ro("index_bytes", &MemoryStats::index_bytes)
      .def_ro("segments", &MemoryStats::segments)
      .def_ro("tail_items", &MemoryStats::tail_items)
      .def_ro("unindexed", &MemoryStats::unindexed)
      .def_ro("cache_bytes", &MemoryStats::cache_bytes)
      .def_ro("cache_hits", &MemoryStats::cache_hits)
      .def_ro("cache_misses", &MemoryStats::cache_misses)
      .def_ro("cache_evictions", &MemoryStats::cache_evictions)
      .def_ro("cache_hit_rate", &MemoryStats::cache_hit_rate)
      .def_ro("process_bytes", &MemoryStats::process_bytes)
      .def_prop_ro("memory", [](const MemoryStats& stats) {
        std::map<std::string, std::int64_t> parts;
        for (const MemoryPartBytes& part : stats.memory) parts[part.part] = part.bytes;
        return parts;
      })
      .def_ro("lock_waits", &MemoryStats::lock_waits)
      .def_ro("lock_wait_mean_us", &MemoryStats::lock_wait_mean_us)
      .def_ro("lock_wait_max_us", &MemoryStats::lock_wait_max_us)
      .def_ro("operations", &MemoryStats::operations)
      .def_ro("slow", &MemoryStats::slow)
      .def_ro("warnings", &MemoryStats::warnings);
}

void DefineHistory(nb::module_& module) {
  nb::class_<StatsSample>(module, "StatsSample")
      .def_ro("begin", &StatsSample::from)
      .def_ro("end", &StatsSample::until)
      .def_ro("process", &StatsSample::process)
      .def_ro("operations", &StatsSample::operations)
      .def_ro("cache_hits", &StatsSample::cache_hits)
      .def_ro("cache_misses", &StatsSample::cache_misses)
      .def_ro("cache_evictions", &StatsSample::cache_evictions)
      .def_ro("cache_hit_rate", &StatsSample::cache_hit_rate)
      .def_ro("lock_waits", &StatsSample::lock_waits)
      .def_ro("lock_wait_mean_us", &StatsSample::lock_wait_mean_us)
      .def_ro("lock_wait_max_us", &StatsSample::lock_wait_max_us)
      .def_ro("items", &StatsSample::items)
      .def_ro("content_bytes", &StatsSample::content_bytes)
      .def_ro("store_bytes", &StatsSample::store_bytes)
      .def_ro("index_bytes", &StatsSample::index_bytes)
      .def_ro("cache_bytes", &StatsSample::cache_bytes)
      .def_ro("process_bytes", &StatsSample::process_bytes);
  nb::class_<StatsHistory>(module, "StatsHistory")
      .def_ro("all", &StatsHistory::all)
      .def_ro("samples", &StatsHistory::samples)
      .def_ro("slow", &StatsHistory::slow)
      .def_ro("warnings", &StatsHistory::warnings);
}

}  // namespace

void DefineMemoryReports(nb::module_& module) {
  DefineStats(module);
  DefineHistory(module);
  nb::class_<NamespaceInfo>(module, "NamespaceInfo")
      .def_ro("name", &NamespaceInfo::name)
      .def_ro("items", &NamespaceInfo::items)
      .def_ro("content_bytes", &NamespaceInfo::content_bytes)
      .def_prop_ro("max_items", [](const NamespaceInfo& info) { return info.quota.max_items; })
      .def_prop_ro("max_bytes", [](const NamespaceInfo& info) { return info.quota.max_bytes; });
  nb::class_<MaintenanceReport>(module, "MaintenanceReport")
      .def_ro("merged_items", &MaintenanceReport::merged_items)
      .def_ro("purged_versions", &MaintenanceReport::purged_versions)
      .def_ro("freed_bytes", &MaintenanceReport::freed_bytes)
      .def_ro("repaired", &MaintenanceReport::repaired)
      .def_ro("lost", &MaintenanceReport::lost)
      .def_ro("seconds", &MaintenanceReport::seconds);
  nb::class_<VerifyReport>(module, "VerifyReport")
      .def_ro("items", &VerifyReport::items)
      .def_ro("problems", &VerifyReport::problems);
}

}  // namespace levee::python
