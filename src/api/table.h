// levee::Table over a view of the catalog.
#pragma once

#include <memory>

#include "catalog/catalog.h"
#include "levee/levee.h"

namespace levee::api {

// `store` is what the view reads from; the table and its streams keep it.
std::unique_ptr<Table> MakeTable(std::unique_ptr<catalog::View> view, std::shared_ptr<const void> store);

}  // namespace levee::api
