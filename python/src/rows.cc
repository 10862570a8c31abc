#include "rows.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "errors.h"

namespace levee::python {
namespace {

namespace nb = nanobind;

// The value at a row; counts from the array's offset.
using Reader = std::function<nb::object(const ArrowArray& array, std::int64_t row)>;

bool IsNull(const ArrowArray& array, std::int64_t row) {
  const auto* const validity = static_cast<const std::uint8_t*>(array.n_buffers > 0 ? array.buffers[0] : nullptr);
  const std::int64_t at = array.offset + row;
  return validity != nullptr && (validity[at / 8] >> at % 8 & 1) == 0;
}

template <typename T>
T At(const ArrowArray& array, int buffer, std::int64_t row) {
  return static_cast<const T*>(array.buffers[buffer])[array.offset + row];
}

std::string_view TextAt(const ArrowArray& array, std::int64_t row) {
  const auto begin = At<std::int32_t>(array, 1, row), end = At<std::int32_t>(array, 1, row + 1);
  return {static_cast<const char*>(array.buffers[2]) + begin, static_cast<std::size_t>(end - begin)};
}

template <typename T>
nb::object IntegerAt(const ArrowArray& array, std::int64_t row) {
  return nb::int_(static_cast<std::int64_t>(At<T>(array, 1, row)));
}

nb::object DictAt(const ArrowArray& map, std::int64_t row) {
  const ArrowArray& entries = *map.children[0];
  nb::dict dict;
  for (auto i = At<std::int32_t>(map, 1, row); i < At<std::int32_t>(map, 1, row + 1); ++i) {
    const std::int64_t at = entries.offset + i;
    const std::string_view key = TextAt(*entries.children[0], at);
    nb::object value = nb::none();
    if (!IsNull(*entries.children[1], at)) {
      const std::string_view text = TextAt(*entries.children[1], at);
      value = nb::str(text.data(), text.size());
    }
    dict[nb::str(key.data(), key.size())] = value;
  }
  return dict;
}

Reader ReaderOf(const ArrowSchema& field) {
  const std::string_view format = field.format;
  if (format == "u") {
    return [](const ArrowArray& array, std::int64_t row) -> nb::object {
      const std::string_view text = TextAt(array, row);
      return nb::str(text.data(), text.size());
    };
  }
  if (format == "z") {
    return [](const ArrowArray& array, std::int64_t row) -> nb::object {
      const std::string_view bytes = TextAt(array, row);
      return nb::bytes(bytes.data(), bytes.size());
    };
  }
  if (format == "b") {
    return [](const ArrowArray& array, std::int64_t row) -> nb::object {
      const std::int64_t at = array.offset + row;
      return nb::bool_((static_cast<const std::uint8_t*>(array.buffers[1])[at / 8] >> at % 8 & 1) != 0);
    };
  }
  if (format == "g") return [](const ArrowArray& a, std::int64_t row) -> nb::object { return nb::float_(At<double>(a, 1, row)); };
  if (format == "f") return [](const ArrowArray& a, std::int64_t row) -> nb::object { return nb::float_(At<float>(a, 1, row)); };
  if (format == "l") return IntegerAt<std::int64_t>;
  if (format == "i") return IntegerAt<std::int32_t>;
  if (format == "s") return IntegerAt<std::int16_t>;
  if (format == "c") return IntegerAt<std::int8_t>;
  if (format == "+m") return DictAt;
  Raise({ErrorCode::kUnsupported, field.name, "its Arrow type '" + std::string(format) + "' is not read into tuples",
         "give the stream to pyarrow.table or polars.DataFrame"});
}

int WithoutLock(const std::function<int()>& work) {
  const nb::gil_scoped_release released;
  return work();
}

[[noreturn]] void RaiseLast(ArrowArrayStream* stream) {
  const char* const why = stream->get_last_error(stream);
  Raise({ErrorCode::kIo, "files", why == nullptr ? "the stream failed" : why, ""});
}

std::vector<Reader> ReadersOf(ArrowArrayStream* stream) {
  ArrowSchema schema{};
  if (stream->get_schema(stream, &schema) != 0) RaiseLast(stream);
  const struct Released {
    ArrowSchema& schema;
    ~Released() { schema.release(&schema); }
  } released{schema};
  std::vector<Reader> readers;
  for (std::int64_t i = 0; i < schema.n_children; ++i) readers.push_back(ReaderOf(*schema.children[i]));
  return readers;
}

void AppendRows(const ArrowArray& batch, const std::vector<Reader>& readers, nb::list& rows) {
  for (std::int64_t row = 0; row < batch.length; ++row) {
    const nb::object tuple = nb::steal(PyTuple_New(static_cast<Py_ssize_t>(readers.size())));
    for (std::size_t i = 0; i < readers.size(); ++i) {
      const ArrowArray& column = *batch.children[i];
      const std::int64_t at = batch.offset + row;
      nb::object value = IsNull(column, at) ? nb::none() : readers[i](column, at);
      PyTuple_SET_ITEM(tuple.ptr(), static_cast<Py_ssize_t>(i), value.release().ptr());
    }
    rows.append(tuple);
  }
}

}  // namespace

nb::list ReadRows(ArrowStream owner) {
  ArrowArrayStream* const stream = owner.get();
  const std::vector<Reader> readers = ReadersOf(stream);
  nb::list rows;
  while (true) {
    ArrowArray batch{};
    if (WithoutLock([&] { return stream->get_next(stream, &batch); }) != 0) RaiseLast(stream);
    if (batch.release == nullptr) return rows;
    const struct Released {
      ArrowArray& batch;
      ~Released() { batch.release(&batch); }
    } released{batch};
    AppendRows(batch, readers, rows);
  }
}

}  // namespace levee::python
