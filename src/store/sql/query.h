// Running a statement with its parameters in one line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "store/sql/driver.h"

namespace levee::store {

inline void BindOne(Statement& statement, int index, std::int64_t value) { statement.BindInt(index, value); }
inline void BindOne(Statement& statement, int index, std::string_view value) { statement.BindText(index, value); }
inline void BindOne(Statement& statement, int index, ByteSpan value) { statement.BindBlob(index, value); }
inline void BindOne(Statement& statement, int index, std::nullopt_t) { statement.BindNull(index); }
inline void BindOne(Statement& statement, int index, const std::optional<std::int64_t>& value) {
  value ? statement.BindInt(index, *value) : statement.BindNull(index);
}

// An execution of a statement; resets it when destroyed. What it is bound to must outlive it.
class Query {
 public:
  template <typename... Parameters>
  static Result<Query> Make(Connection& connection, const char* sql, const Parameters&... parameters) {
    LEVEE_ASSIGN(Statement * statement, connection.Prepare(sql));
    int index = 0;
    (BindOne(*statement, index++, parameters), ...);
    return Query(statement);
  }
  Query(Query&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Query& operator=(Query&&) = delete;
  ~Query() {
    if (statement_ != nullptr) statement_->Reset();
  }

  Result<bool> Step() { return statement_->Step(); }
  bool IsNull(int column) { return statement_->IsNull(column); }
  std::int64_t Int(int column) { return statement_->Int(column); }
  std::optional<std::int64_t> MaybeInt(int column) {
    return IsNull(column) ? std::nullopt : std::optional(Int(column));
  }
  std::string Text(int column) { return std::string(statement_->Text(column)); }
  ByteSpan Blob(int column) { return statement_->Blob(column); }

 private:
  explicit Query(Statement* statement) : statement_(statement) {}
  Statement* statement_;
};

// Runs a statement that returns no rows.
template <typename... Parameters>
Status Execute(Connection& connection, const char* sql, const Parameters&... parameters) {
  LEVEE_ASSIGN(Query query, Query::Make(connection, sql, parameters...));
  LEVEE_ASSIGN([[maybe_unused]] const bool row, query.Step());
  return {};
}

}  // namespace levee::store
