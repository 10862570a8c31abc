#include "catalog/import_plan.h"

#include "base/bytes.h"
#include "delta/checkpoint_parts.h"

namespace levee::catalog {
namespace {

void PutObject(const objectstore::ObjectInfo& object, ByteWriter& out) {
  out.PutText(object.name);
  out.Put(object.size_bytes);
  out.Put(object.modified_ms);
  out.PutText(object.etag);
}

}  // namespace

Hash128 HashImportPlan(objectstore::ObjectStore& objects, const ImportPlanParts& parts) {
  ByteWriter out;
  out.PutText(objects.uri());
  out.Put(static_cast<std::uint8_t>(parts.checkpoint.kind));
  out.PutVarint(parts.checkpoint.parts.size());
  for (const objectstore::ObjectInfo& part : parts.checkpoint.parts) PutObject(part, out);
  out.PutVarint(parts.sidecars.size());
  for (const objectstore::ObjectInfo& sidecar : parts.sidecars) {
    PutObject(sidecar, out);
    // The checkpoint tells its name only. One that is not there is found out when it is read.
    const auto path = delta::SidecarPath(objects, sidecar.name);
    if (!path) continue;
    if (const auto there = objects.Stat(*path); there && *there) PutObject(**there, out);
  }
  out.PutVarint(parts.partition_paths.size());
  for (const std::string& path : parts.partition_paths) out.PutText(path);
  out.Put(parts.floor);
  return HashWide(AsText(out.bytes()));
}

}  // namespace levee::catalog
