// What the handles of the C interface are.
#pragma once

#include <memory>

#include "levee/levee.h"
#include "levee/levee_c.h"

struct levee_store {
  std::unique_ptr<levee::Store> store;
};

struct levee_table {
  std::unique_ptr<levee::Table> table;
};
