// An object store that counts the requests to another one (see metrics: levee_log_requests_total).
#pragma once

#include <memory>

#include "objectstore/object_store.h"

namespace levee::objectstore {

std::unique_ptr<ObjectStore> CountRequests(std::unique_ptr<ObjectStore> store);

}  // namespace levee::objectstore
