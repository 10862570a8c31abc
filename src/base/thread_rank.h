// What the system is told of threads that nobody waits for.
#pragma once

namespace levee {

// Whether background work stands back behind questions; on at first. For scopes that begin later.
void SetYielding(bool on);
bool Yielding();

// What the calling thread does while it stands is background work: it asks for long slices of processor time, so that a
// thread that wakes up with a short question comes first. Linux from 6.12 on heeds that; elsewhere, with yielding off and
// within another such scope it is without effect. It does not change how much time the thread gets, and needs no right.
class BackgroundScope {
 public:
  BackgroundScope();
  BackgroundScope(const BackgroundScope&) = delete;
  BackgroundScope& operator=(const BackgroundScope&) = delete;
  ~BackgroundScope();

  bool entered() const { return entered_; }

 private:
  const bool entered_;
};

}  // namespace levee
