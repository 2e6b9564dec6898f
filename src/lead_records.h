// What a list of leads keeps, record by record.

#ifndef CALLROUTER_SRC_LEAD_RECORDS_H_
#define CALLROUTER_SRC_LEAD_RECORDS_H_

#include <cstdint>

#include "callrouter/lead_choice.h"
#include "callrouter/phone_number.h"
#include "callrouter/timer_queue.h"
#include "number_table.h"
#include "ready_heap.h"

namespace callrouter {

struct LeadRecords {
  static constexpr uint32_t kNone = 0xffffffffu;
  static constexpr uint32_t kNever = 0xffffffffu;  // Seconds.
  static constexpr uint32_t kNoPlace = (1u << 14) - 1;
  static constexpr uint8_t kNoDisposition = 255;

  // Of Lead::flags.
  static constexpr uint8_t kCallback = 1, kPersonal = 2, kGuaranteed = 4,
                           kCivil = 8, kTimed = 16;
  struct Lead {
    uint64_t ref = 0, owner = 0, attributes = 0;
    uint32_t next = 0;
    uint32_t seq = 0;        // Order of loading.
    uint32_t version = 0;    // Of its entries in cells and timers.
    uint32_t first = kNone;  // Line.
    uint32_t cell = kNone;
    uint32_t person = kNone;
    uint32_t due = 0;                                        // Civil if kCivil.
    uint32_t expires = kNever, consent = 0, until = kNever;  // Civil.
    uint16_t list = 0, segment = 0, score = 0, attempts = 0;
    uint8_t priority = 0, flags = 0, failures = 0;
    // Of its numbers, the one to try, and in a cell the one that is free.
    uint8_t cursor : 4, ready : 4;
    Lead() : cursor(0), ready(0) {}
    uint8_t disposition = kNoDisposition;
    LeadState state = LeadState::kWaiting;
    uint64_t Hash() const { return MixBits(ref); }
  };
  // Of Line::flags.
  static constexpr uint8_t kOver = 1, kRefused = 2, kReassigned = 4,
                           kChecked = 8, kInCall = 16;
  // One number of one lead.
  struct Line {
    uint64_t bits = 0;  // The place above 50 bits of digits.
    uint32_t next = 0;
    uint32_t lead = 0;
    uint32_t sibling = kNone;  // The lead's next number.
    uint16_t attempts = 0;
    uint8_t type = 0, flags = 0;
    PhoneNumber phone() const {
      return PhoneNumber::FromValue(bits & ((uint64_t{1} << 50) - 1));
    }
    uint32_t place() const { return static_cast<uint32_t>(bits >> 50); }
    uint64_t Hash() const { return MixBits(phone().value()); }
  };
  struct Person {
    uint64_t person = 0;
    uint32_t next = 0;
    uint32_t lead = 0;
    uint64_t Hash() const { return MixBits(person); }
  };
  struct Phone {
    uint32_t high = 0, low = 0;
    uint32_t next = 0;
    uint64_t value() const { return uint64_t{high} << 32 | low; }
    uint64_t Hash() const { return MixBits(value()); }
  };
  enum class AttemptState : uint8_t {
    kReserved,
    kDialled,
    kOver,
    kCancelled,
    kLapsed
  };
  struct Attempt {
    uint64_t ref = 0, agent = 0;
    int64_t at = 0;  // Reserved; once it is over: when that was.
    uint32_t next = 0;
    uint32_t lead = 0, line = 0, campaign = 0;
    AttemptState state = AttemptState::kReserved;
    uint8_t disposition = kNoDisposition;
    bool agent_reserved = false;
    TimerId timer;
    bool alive() const { return state <= AttemptState::kDialled; }
    uint64_t Hash() const { return MixBits(ref); }
  };

  struct Ready {
    uint32_t high, low;  // What the campaign's order says.
    uint32_t seq, lead, version;
    bool Before(const Ready& o) const {
      if (high != o.high) return high < o.high;
      return low != o.low ? low < o.low : seq < o.seq;
    }
  };
  struct Wake {
    uint32_t at, lead, version;
    bool Before(const Wake& o) const {
      return at != o.at ? at < o.at : lead < o.lead;
    }
  };
  // Leads of one list whose number is of one class, for anybody or one agent.
  struct Cell {
    uint32_t list, of_class;
    uint64_t agent;
    bool guaranteed;
    ReadyHeap<Ready> leads;
  };
  struct ListState {
    bool paused = false;
    int32_t done = 0;
    uint64_t pass = 0;  // Its turn, for ListMix::kShare.
  };
  struct CampaignState {
    bool paused = false;
    uint64_t pass = 0;
  };
  // Conversations of a segment at an hour of the day.
  struct HourRate {
    uint32_t attempts = 0, contacts = 0;
  };

  // What may be done with a lead now.
  struct Standing {
    LeadState state = LeadState::kWaiting;
    uint32_t line = kNone;
    uint32_t position = 0;  // Of the line.
    uint32_t place_class = kNone;
    uint32_t at = kNever;    // Free to call.
    uint32_t wake = kNever;  // May change by itself.
    uint16_t over = 0;       // Lines no longer to be dialled.
    bool guaranteed = false;
    bool personal = false;
  };
  struct LineStanding {
    uint32_t of_class = kNone;
    uint32_t at = 0;  // kNever: not while things are as they are.
    uint32_t guaranteed_until = 0;
    bool over = false;
    bool lead_over = false;
  };
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_LEAD_RECORDS_H_
