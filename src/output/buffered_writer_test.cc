#include "output/buffered_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>

namespace levee::output {
namespace {

struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() { EXPECT_EQ(::pipe(ends), 0); }
  ~Pipe() {
    CloseReader();
    CloseWriter();
  }
  void CloseReader() { Close(ends[0]); }
  void CloseWriter() { Close(ends[1]); }
  static void Close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

std::string ReadAll(int descriptor) {
  std::string text;
  char buffer[4096];
  for (ssize_t count; (count = ::read(descriptor, buffer, sizeof(buffer))) > 0;) text.append(buffer, count);
  return text;
}

TEST(BufferedWriter, WritesLinesOfAnySizeInOrder) {
  Pipe pipe;
  const std::string large(BufferedWriter::kBufferBytes * 2 + 7, 'x');
  const std::string full(BufferedWriter::kBufferBytes - 1, 'y');
  std::string read;
  std::thread reader([&] { read = ReadAll(pipe.ends[0]); });
  BufferedWriter writer(pipe.ends[1]);
  writer.AppendLine("first");
  writer.AppendLine(large);
  writer.AppendLine(full);
  writer.Append("last");
  EXPECT_TRUE(writer.Flush());
  EXPECT_EQ(writer.total_bytes(), 6 + large.size() + 1 + full.size() + 1 + 4);
  pipe.CloseWriter();
  reader.join();
  EXPECT_TRUE(read == "first\n" + large + '\n' + full + "\nlast");
}

TEST(BufferedWriter, WaitsForASlowReaderOfANonBlockingPipe) {
  Pipe pipe;
  ASSERT_EQ(::fcntl(pipe.ends[1], F_SETFL, O_NONBLOCK), 0);
  std::string read;
  std::thread reader([&] {
    ::usleep(20'000);
    read = ReadAll(pipe.ends[0]);
  });
  BufferedWriter writer(pipe.ends[1]);
  const std::string text(1 << 20, 'z');
  writer.Append(text);
  EXPECT_TRUE(writer.Flush());
  pipe.CloseWriter();
  reader.join();
  EXPECT_EQ(read.size(), text.size());
}

TEST(BufferedWriter, NoticesThatTheReaderHasGone) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  pipe.CloseReader();
  BufferedWriter writer(pipe.ends[1]);
  writer.AppendLine("x");
  EXPECT_TRUE(writer.status());
  EXPECT_FALSE(writer.Flush());
  EXPECT_TRUE(writer.broken_pipe());
}

TEST(BufferedWriter, NamesAFullDisk) {
  const int full = ::open("/dev/full", O_WRONLY);
  if (full < 0) GTEST_SKIP() << "no /dev/full here";
  BufferedWriter writer(full);
  writer.AppendLine("x");
  const Status status = writer.Flush();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
  EXPECT_FALSE(writer.broken_pipe());
  // The failure sticks.
  writer.Append("y");
  EXPECT_FALSE(writer.Flush());
  ::close(full);
}

TEST(BufferedWriter, DiscardsIntoMemory) {
  BufferedWriter writer(BufferedWriter::kDiscard);
  writer.Append(std::string(BufferedWriter::kBufferBytes * 3, 'x'));
  EXPECT_TRUE(writer.Flush());
  EXPECT_EQ(writer.total_bytes(), BufferedWriter::kBufferBytes * 3);
}

}  // namespace
}  // namespace levee::output
