// Why there is no number; and the facts and places of one request, counted.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "callrouter/number_explanation.h"
#include "number_pool_impl.h"

namespace callrouter {

namespace {

bool Has(const KindSet& set, uint32_t kind) {
  return (set[kind / 64] >> (kind % 64) & 1) != 0;
}

}  // namespace

void NumberPoolImpl::ExplainNone(const NumberSearch& search,
                                 NumberChoice* choice) {
  NumberGeography::Ladder ladder(geography_, search.home,
                                 search.campaign->reach,
                                 search.campaign->neighbours_within);
  Rung rung;
  uint32_t first;
  uint32_t end;
  bool any = false;
  bool closed = false;
  Candidate soonest;
  const auto consider = [&](uint32_t cell) {
    const MinIndex::Best best = ready_.First(cell);
    if (!best.found() || best.key > soonest.key) return;
    const uint32_t position = shape_.begin[cell] + best.item;
    Consider(OrderIndex(), best.key, position, &soonest);
  };
  while (ladder.Next(&rung, &first, &end)) {
    ListSegments(search, rung, first, end);
    for (const Segment& s : segments_) {
      any = true;
      if (s.own) {
        consider(s.begin);
        continue;
      }
      closed |= closed_cells_.Below(0, s.begin) < closed_cells_.Below(0, s.end);
      const MinIndex::Best best = ready_cells_.Smallest(0, s.begin, s.end);
      if (best.found()) consider(best.item);
    }
  }
  int64_t retry = soonest.key < kReadyOnEnd
                      ? static_cast<int64_t>(soonest.key >> 1)
                      : INT64_MAX;
  if (search.valid_from != INT64_MAX) {
    retry = std::min(retry, search.valid_from - skew_ - civil_);
  }
  if (search.passed_carrier) {
    retry = std::min(retry, carrier_timers_[search.carrier_bit].next_due());
  }
  if (search.passed_known) {
    retry = std::min(retry, int64_t{search.known_until} * 1'000'000);
  }
  choice->retry_at = HostTime(retry);
  if (!any) {
    choice->none = NoNumber::kOutOfReach;
  } else if (search.passed_carrier) {
    choice->none = NoNumber::kCarrierCap;
  } else if (search.passed_known) {
    choice->none = NoNumber::kOnlyKnown;
  } else if (closed) {
    choice->none = NoNumber::kRegionReserve;
  } else {
    choice->none = NoNumber::kAllBlocked;
    choice->block = records_[soonest.position].block;
  }
}

void NumberPoolImpl::ExplainGroups(const NumberSearch& search,
                                   NumberExplanation* out) const {
  std::vector<NumberExplanation::Group> groups(rules_.groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    groups[g].name = rules_.groups[g].name;
  }
  const NumberRequest& request = *search.request;
  for (uint32_t k = 0; k < filters_.kinds(); ++k) {
    NumberExplanation::Group& group = groups[filters_.kind(k).group];
    for (uint32_t c = kind_cells_[k]; c < kind_cells_[k + 1]; ++c) {
      group.numbers += shape_.size(c);
    }
    if (!Has(*filters_.Campaign(request.campaign.slot()), k)) {
      group.against = NoNumber::kNotForCampaign;
    } else if (!Has(filters_.Trunk(request.trunk.slot(),
                                   search.campaign->attestation),
                    k)) {
      group.against = NoNumber::kNotOnTrunk;
    } else if (!Has(filters_.Country(geography_.country(search.home)), k)) {
      group.against = NoNumber::kNotForCountry;
    } else if (!filters_.ValidAt(k, Utc())) {
      group.against = NoNumber::kNotValidNow;
    }
  }
  out->groups = std::move(groups);
}

// The numbers of one cell; `own`: the callee lives there.
void NumberPoolImpl::ExplainCell(const NumberSearch& search, uint32_t cell,
                                 bool own, NumberExplanation::Place* place) {
  const uint32_t begin = shape_.begin[cell];
  for (uint32_t p = begin; p < begin + shape_.size(cell); ++p) {
    const Availability a = Evaluate(p, false, false);
    ++place->numbers;
    ++place->blocked[static_cast<std::size_t>(a.block)];
    place->lent += a.spare ? 1 : 0;
    if (a.block != Block::kFree) continue;
    const auto end = search.avoid.begin() + search.avoid_size;
    if (CarrierCapped(search, p)) {
      ++place->carrier_capped;
    } else if (std::find(search.avoid.begin(), end, p) != end) {
      ++place->known;
    } else if (!own && cells_[cell].closed) {
      ++place->kept;
    }
  }
}

absl::Status NumberPoolImpl::Explain(const NumberRequest& request,
                                     NumberExplanation* out) {
  *out = NumberExplanation();
  NumberSearch search;
  const absl::Status status = Check(request, &search);
  if (!status.ok()) return status;
  const Random undrawn = random_;
  const uint32_t position = Choose(&search, &out->choice);
  random_ = undrawn;
  if (position != kNowhere) {
    const uint32_t slot = records_[position].slot;
    out->choice.id = NumberId(slot, slots_[slot].generation);
    out->choice.number = PhoneNumber::FromValue(records_[position].digits);
    out->choice.none = NoNumber::kThereIsOne;
    out->choice.retry_at = absl::InfinitePast();
  }
  out->home = geography_.name(search.home);
  ExplainGroups(search, out);
  NumberSearch look;
  if (!Check(request, &look).ok()) return absl::OkStatus();
  NumberChoice ignored;
  if (!Admit(&look, &ignored)) return absl::OkStatus();
  ListAvoided(&look);
  NumberGeography::Ladder ladder(geography_, look.home, look.campaign->reach,
                                 look.campaign->neighbours_within);
  std::vector<bool> seen(cells_.size(), false);
  Rung rung;
  uint32_t first;
  uint32_t end;
  while (ladder.Next(&rung, &first, &end)) {
    NumberExplanation::Place place;
    place.rung = rung;
    if (rung != Rung::kAnywhere) place.region = geography_.name(first);
    ListSegments(look, rung, first, end);
    for (const Segment& segment : segments_) {
      for (uint32_t c = segment.begin; c < segment.end; ++c) {
        if (seen[c]) continue;
        seen[c] = true;
        ExplainCell(look, c, segment.own, &place);
      }
    }
    out->places.push_back(std::move(place));
  }
  return absl::OkStatus();
}

}  // namespace callrouter
