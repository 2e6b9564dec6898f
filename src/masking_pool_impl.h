// What a MaskingPool keeps.
//
// A number is a bit; each party has a row of bits, those it sees. A session,
// open or in quarantine, sets its number's bit in both rows and can be found
// from either side. Time moves sessions along two lists that are in order of
// time, because all wait equally long.

#ifndef CALLROUTER_SRC_MASKING_POOL_IMPL_H_
#define CALLROUTER_SRC_MASKING_POOL_IMPL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "archive.h"
#include "callrouter/masking_pool.h"
#include "number_clock.h"
#include "number_table.h"

namespace callrouter {

class MaskingPoolImpl {
 public:
  static constexpr uint32_t kNone = ChainTable<int>::kNone;

  explicit MaskingPoolImpl(const MaskingPoolOptions& options);

  void Enter(absl::Time now);
  void Rebase(absl::Duration delta) { clock_.Rebase(delta); }
  absl::Status Apply(const MaskingPatch& patch);
  absl::Status Open(const MaskingRequest& request, MaskingAnswer* answer);
  absl::Status Touch(uint64_t session);
  absl::Status Close(uint64_t session);
  absl::Status Resolve(PhoneNumber number, PhoneNumber caller,
                       MaskedCall* call);
  absl::Status Forget(PhoneNumber subject);
  absl::Time next_deadline() const;
  MaskingReport Report() const;
  MaskingStats stats() const;
  void Save(std::string* out) const;
  absl::Status Load(std::string_view saved);
  void Transfer(Archive& a);
  absl::Status CheckInvariants() const;

 private:
  struct Number {
    uint64_t digits = 0;  // 0: this bit is free.
    uint32_t uses = 0;    // Sessions.
    bool reserved = false;
    bool leaving = false;
  };
  struct Party {
    uint64_t phone = 0;
    uint32_t degree = 0;  // Bits set in its row.
    uint32_t next = 0;
    uint64_t Hash() const { return MixBits(phone); }
  };
  struct Session {
    uint64_t name = 0;
    int64_t since = 0;  // Touched, or over.
    uint32_t party[2] = {kNone, kNone};
    uint32_t number = 0;
    uint32_t earlier = kNone;
    uint32_t later = kNone;
    uint32_t next = 0;
    bool over = false;
    uint64_t Hash() const { return MixBits(name); }
  };
  struct Side {
    uint32_t party = kNone;
    uint32_t number = 0;
    uint32_t session = 0;
    uint32_t next = 0;
    uint64_t Hash() const { return MixBits(uint64_t{party} << 32 | number); }
  };
  struct Pair {
    uint64_t low = 0;
    uint64_t high = 0;
    uint64_t number = 0;
    int64_t since = 0;
    uint32_t earlier = kNone;
    uint32_t later = kNone;
    uint32_t next = 0;
    uint64_t Hash() const { return MixBits(low ^ MixBits(high)); }
  };
  uint32_t FindNumber(PhoneNumber number) const;
  uint32_t FindParty(PhoneNumber phone) const;
  uint32_t FindSession(uint64_t name) const;
  uint32_t FindSide(uint32_t party, uint32_t number) const;
  uint32_t FindPair(uint64_t a, uint64_t b) const;
  // What both see; rows are only valid until a party is added.
  const uint64_t* Row(uint32_t party) const {
    return party == kNone ? nothing_.data() : &rows_[party * words_];
  }
  bool Sees(uint32_t party, uint32_t number) const {
    return (Row(party)[number / 64] >> (number % 64) & 1) != 0;
  }
  IndexList* ListOf(const Session& session) {
    return session.over ? &over_ : &open_;
  }

  void SetBits(uint32_t number);
  void Widen(std::size_t words);
  uint32_t FirstFree(const std::vector<uint64_t>& among, uint32_t a, uint32_t b,
                     uint32_t except) const;
  // The session of the same two in quarantine that may give up `number`.
  uint32_t Revivable(uint32_t a, uint32_t b, uint32_t number) const;
  uint32_t Choose(const MaskingRequest& request, uint32_t a, uint32_t b,
                  MaskingAnswer* answer) const;
  uint32_t PartyFor(PhoneNumber phone);
  void Join(uint32_t session, int side, PhoneNumber phone);
  void Leave(uint32_t session, int side);
  void CountDegree(uint32_t party, int by);
  void End(uint32_t session, int64_t at);
  void Release(uint32_t session);
  void Remember(const Session& session, int64_t at);
  void ErasePair(uint32_t i);
  int64_t NextFree() const;
  static int64_t Later(int64_t at, int64_t by) {
    return by == NumberClock::kNever ? by : at + by;
  }

  void TransferNumbers(Archive& a);
  void TransferSessions(Archive& a, bool over);
  void TransferPairs(Archive& a);
  absl::Status CheckSession(uint32_t i) const;

  const MaskingPoolOptions options_;
  const int64_t time_to_live_;
  const int64_t quarantine_;
  const int64_t sticky_keep_;
  NumberClock clock_;

  std::vector<Number> numbers_;  // By bit.
  absl::flat_hash_map<uint64_t, uint32_t> by_digits_;
  std::size_t words_ = 0;           // Of a row.
  std::vector<uint64_t> usable_;    // Given out.
  std::vector<uint64_t> reserved_;  // Given out when wanted.
  std::vector<uint64_t> nothing_;   // The row of somebody unknown.

  ChainTable<Party> parties_;
  std::vector<uint64_t> rows_;  // By slot of the party.
  ChainTable<Session> sessions_;
  ChainTable<Side> sides_;
  ChainTable<Pair> pairs_;
  IndexList open_;
  IndexList over_;
  IndexList remembered_;

  std::vector<uint32_t> by_degree_;  // Parties with so many.
  uint32_t degree_ = 0;              // The largest now.
  uint32_t degree_peak_ = 0;
  MaskingStats counts_;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_MASKING_POOL_IMPL_H_
