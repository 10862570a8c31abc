// Lists threaded through an array of nodes, so that an entry's place in an order costs two numbers.
#pragma once

#include "cache/slot_array.h"

namespace levee::cache {

// A list of slots, newest at the front. Node has `prev` and `next`, which belong to the list that the
// slot is in. All calls get the array that the nodes live in.
template <typename Node>
class SlotList {
 public:
  using Nodes = SlotArray<Node>;

  bool empty() const { return front_ == kNoSlot; }
  Slot front() const { return front_; }
  Slot back() const { return back_; }

  void PushFront(Nodes& nodes, Slot slot) {
    nodes[slot].prev = kNoSlot;
    nodes[slot].next = front_;
    if (front_ == kNoSlot) {
      back_ = slot;
    } else {
      nodes[front_].prev = slot;
    }
    front_ = slot;
  }

  void PushBack(Nodes& nodes, Slot slot) {
    nodes[slot].next = kNoSlot;
    nodes[slot].prev = back_;
    if (back_ == kNoSlot) {
      front_ = slot;
    } else {
      nodes[back_].next = slot;
    }
    back_ = slot;
  }

  void Remove(Nodes& nodes, Slot slot) {
    const Slot prev = nodes[slot].prev;
    const Slot next = nodes[slot].next;
    if (prev == kNoSlot) {
      front_ = next;
    } else {
      nodes[prev].next = next;
    }
    if (next == kNoSlot) {
      back_ = prev;
    } else {
      nodes[next].prev = prev;
    }
  }

  void MoveToFront(Nodes& nodes, Slot slot) {
    if (front_ == slot) return;
    Remove(nodes, slot);
    PushFront(nodes, slot);
  }

 private:
  Slot front_ = kNoSlot;
  Slot back_ = kNoSlot;
};

// The least that a list needs.
struct ListNode {
  Slot prev = kNoSlot;
  Slot next = kNoSlot;
};

}  // namespace levee::cache
