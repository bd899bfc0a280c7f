//===- AtomicFileTest.cpp - All-or-nothing output files ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/AtomicFile.h"
#include "TestFiles.h"
#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;
using namespace hwq::runtime;
using namespace hwq::test;

static Error writeText(StringRef path, StringRef text) {
  return writeFileAtomically(path, [&](raw_pwrite_stream &os) {
    os << text;
    return Error::success();
  });
}

TEST(AtomicFile, WritesAndReplaces) {
  TempFolder folder;
  // '%' is what LLVM's own temporary names would replace.
  std::string path = folder.path("a %%% b.txt");
  EXPECT_EQ(message(writeText(path, "one")), "");
  EXPECT_EQ(readBytes(path), "one");
  EXPECT_EQ(message(writeText(path, std::string(1 << 20, 'x'))), "");
  EXPECT_EQ(readBytes(path), std::string(1 << 20, 'x'));
  EXPECT_EQ(folder.list(), std::set<std::string>{"a %%% b.txt"});
}

TEST(AtomicFile, ErrorOfTheWriterKeepsTheTarget) {
  TempFolder folder;
  std::string path = folder.write("t", "old");
  Error error = writeFileAtomically(path, [](raw_pwrite_stream &os) {
    os << "new";
    os.flush();
    return createStringError(Twine("no luck"));
  });
  EXPECT_EQ(message(std::move(error)), "no luck");
  EXPECT_EQ(readBytes(path), "old");
  EXPECT_EQ(folder.list(), std::set<std::string>{"t"});
}

TEST(AtomicFile, TemporaryIsBesideTheTargetOnlyWhileWriting) {
  TempFolder folder;
  std::string path = folder.write("t", "old");
  EXPECT_EQ(message(writeFileAtomically(path,
                                        [&](raw_pwrite_stream &os) {
                                          os << "new";
                                          os.flush();
                                          EXPECT_EQ(folder.list().size(), 2u);
                                          EXPECT_EQ(readBytes(path), "old");
                                          return Error::success();
                                        })),
            "");
  EXPECT_EQ(readBytes(path), "new");
  EXPECT_EQ(folder.list(), std::set<std::string>{"t"});
}

TEST(AtomicFile, Devices) {
  EXPECT_EQ(message(writeText("/dev/null", "x")), "");
  EXPECT_EQ(message(writeText("/dev/full", "x")),
            "cannot write '/dev/full': No space left on device");
  // More than the stream's buffer, so that the error comes in the middle.
  EXPECT_EQ(message(writeText("/dev/full", std::string(1 << 20, 'x'))),
            "cannot write '/dev/full': No space left on device");
  struct stat status;
  ASSERT_EQ(stat("/dev/null", &status), 0);
  EXPECT_TRUE(S_ISCHR(status.st_mode));
}

TEST(AtomicFile, BadTargets) {
  TempFolder folder;
  EXPECT_EQ(message(writeText(folder.path(), "x")),
            "cannot write '" + folder.path() + "': it is a folder");
  std::string missing = folder.path("no/such.txt");
  EXPECT_EQ(message(writeText(missing, "x")), "cannot write '" + missing +
                                                  "': there is no folder '" +
                                                  folder.path("no") + "'");
  std::string below = folder.write("file", "") + "/x";
  EXPECT_EQ(message(writeText(below, "x")),
            "cannot write '" + below + "': Not a directory");
  EXPECT_HAS(message(writeText("", "x")), "the name is empty");
  EXPECT_EQ(folder.list(), std::set<std::string>{"file"});
}

TEST(AtomicFile, UnwritableFolderAndFile) {
  if (geteuid() == 0)
    GTEST_SKIP() << "root may write everywhere";
  TempFolder folder;
  std::string file = folder.write("f", "old");
  ASSERT_EQ(chmod(file.c_str(), 0444), 0);
  EXPECT_EQ(message(writeText(file, "x")),
            "cannot write '" + file + "': Permission denied");
  ASSERT_EQ(chmod(folder.path().c_str(), 0555), 0);
  std::string fresh = folder.path("g");
  EXPECT_EQ(message(writeText(fresh, "x")),
            "cannot write '" + fresh + "': Permission denied");
  ASSERT_EQ(chmod(folder.path().c_str(), 0755), 0);
  EXPECT_EQ(readBytes(file), "old");
}

/// A file system that fills up while we write, by a limit on file sizes.
TEST(AtomicFile, DiskFull) {
  TempFolder folder;
  std::string path = folder.write("t", "old");
  rlimit saved;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &saved), 0);
  auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = {4096, saved.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string text = message(writeText(path, std::string(1 << 20, 'x')));
  std::string shown = message(writeFileAtomically(
      path,
      [](raw_pwrite_stream &os) {
        os << std::string(1 << 20, 'x');
        return Error::success();
      },
      "final name"));
  setrlimit(RLIMIT_FSIZE, &saved);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(text, "cannot write '" + path + "': File too large");
  EXPECT_EQ(shown, "cannot write 'final name': File too large");
  EXPECT_EQ(readBytes(path), "old");
  EXPECT_EQ(folder.list(), std::set<std::string>{"t"});
}

TEST(AtomicFile, KeepsLinksAndPermissions) {
  TempFolder folder;
  std::string target = folder.write("real/target", "old");
  ASSERT_EQ(chmod(target.c_str(), 0640), 0);
  std::string link = folder.path("link");
  ASSERT_EQ(symlink(target.c_str(), link.c_str()), 0);
  EXPECT_EQ(message(writeText(link, "new")), "");
  EXPECT_TRUE(sys::fs::is_symlink_file(link));
  EXPECT_EQ(readBytes(target), "new");
  struct stat status;
  ASSERT_EQ(stat(target.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640u);
}

TEST(AtomicFile, FollowsDanglingLinks) {
  TempFolder folder;
  folder.write("real/other", "");
  // Two links, the second one relative to where it lies.
  std::string link = folder.path("link"), second = folder.path("real/second");
  ASSERT_EQ(symlink(second.c_str(), link.c_str()), 0);
  ASSERT_EQ(symlink("target", second.c_str()), 0);
  EXPECT_EQ(followLinks(link), folder.path("real/target"));
  EXPECT_EQ(message(writeText(link, "new")), "");
  EXPECT_TRUE(sys::fs::is_symlink_file(link));
  EXPECT_TRUE(sys::fs::is_symlink_file(second));
  EXPECT_EQ(readBytes(folder.path("real/target")), "new");

  std::string lost = folder.path("lost");
  ASSERT_EQ(symlink("none/target", lost.c_str()), 0);
  EXPECT_EQ(message(writeText(lost, "new")), "cannot write '" + lost +
                                                 "': there is no folder '" +
                                                 folder.path("none") + "'");
  EXPECT_TRUE(sys::fs::is_symlink_file(lost));
  EXPECT_EQ(followLinks(folder.path("none")), folder.path("none"));
}
