// Which lead goes first: cells of leads that are free to call, and timers for
// those that are not.

#include <algorithm>

#include "lead_list_impl.h"

namespace callrouter {

void LeadListImpl::Unplace(uint32_t index) {
  Lead& lead = leads_[index];
  const uint32_t cell = lead.cell;
  const bool timed = (lead.flags & kTimed) != 0;
  lead.version = 0;
  lead.cell = kNone;
  lead.flags = static_cast<uint8_t>(lead.flags & ~kTimed);
  if (cell != kNone) cells_[cell].leads.Drop(Valid());
  if (timed) timers_.Drop(Valid());
}

// What time alone has done to a lead that waits.
void LeadListImpl::Settle(Lead* lead) {
  const int64_t now = civil();
  if (int64_t{lead->expires} <= now && lead->expires != kNever) {
    lead->state = LeadState::kExpired;
    return;
  }
  if (lead->until == kNever || int64_t{lead->until} > now) return;
  ++counts_.missed;
  switch (CampaignOf(*lead).missed) {
    case MissedCallback::kNextDay: {
      constexpr int64_t kDay = 86'400;
      const int64_t days = (now - int64_t{lead->until}) / kDay + 1;
      // Near the end of time it is not moved any more.
      const int64_t until =
          std::min(int64_t{lead->until} + days * kDay, int64_t{kNever} - 1);
      lead->due = static_cast<uint32_t>(
          std::min(int64_t{lead->due} + days * kDay, until));
      lead->until = static_cast<uint32_t>(until);
      return;
    }
    case MissedCallback::kClose:
      lead->state = LeadState::kExhausted;
      [[fallthrough]];
    case MissedCallback::kRetry:
      lead->flags =
          static_cast<uint8_t>(lead->flags & ~(kCallback | kPersonal | kCivil));
      lead->until = kNever;
      lead->due = clock_.seconds();
  }
}

// Puts a lead where it belongs, after anything that may concern it.
void LeadListImpl::Place(uint32_t index) {
  Unplace(index);
  Lead& lead = leads_[index];
  if (lead.state != LeadState::kWaiting) return;
  Settle(&lead);
  if (lead.state != LeadState::kWaiting) return;
  const Standing standing = StandingOf(index, nullptr);
  lead.state = standing.state;
  uint32_t line = lead.first;
  for (int i = 0; line != kNone; ++i, line = lines_[line].sibling) {
    if ((standing.over >> i & 1) != 0) lines_[line].flags |= kOver;
  }
  if (lead.state != LeadState::kWaiting) return;
  lead.version = next_version_++;
  if (next_version_ == 0) next_version_ = 1;
  if (standing.at <= clock_.seconds()) {
    lead.ready = standing.position & 15u;
    const uint64_t key = KeyOf(lead);
    lead.cell = CellOf(lead.list, standing.place_class,
                       standing.personal ? lead.owner : 0, standing.guaranteed);
    cells_[lead.cell].leads.Add({static_cast<uint32_t>(key >> 32),
                                 static_cast<uint32_t>(key), lead.seq, index,
                                 lead.version});
  }
  if (standing.wake == kNever) return;
  lead.flags |= kTimed;
  timers_.Add({standing.wake, index, lead.version});
}

void LeadListImpl::PlaceAll() {
  timers_.Clear();
  cells_.clear();
  cell_index_.clear();
  own_cells_.clear();
  open_cells_.assign(compiled_->rules().campaigns.size(), {});
  for (uint32_t i = 0; i < leads_.span(); ++i) {
    leads_[i].cell = kNone;
    leads_[i].flags = static_cast<uint8_t>(leads_[i].flags & ~kTimed);
  }
  for (uint32_t i = 0; i < leads_.span(); ++i) {
    if (leads_[i].ref != 0) Place(i);
  }
}

void LeadListImpl::Touch(PhoneNumber number, uint32_t done) {
  // Placing changes no chain.
  for (uint32_t i = lines_.First(MixBits(number.value())); i != kNone;
       i = lines_[i].next) {
    if (lines_[i].phone() != number || lines_[i].lead == done) continue;
    Place(lines_[i].lead);
  }
}

void LeadListImpl::TouchPerson(uint64_t person, uint32_t done) {
  if (person == 0) return;
  for (uint32_t i = persons_.First(MixBits(person)); i != kNone;
       i = persons_[i].next) {
    if (persons_[i].person != person || persons_[i].lead == done) continue;
    Place(persons_[i].lead);
  }
}

void LeadListImpl::TouchBoth(uint32_t lead, PhoneNumber number) {
  Place(lead);
  Touch(number, lead);
  TouchPerson(PersonOf(leads_[lead]), lead);
}

// What goes first is smaller. 64 bits hold every criterion once.
uint64_t LeadListImpl::KeyOf(const Lead& lead) const {
  const DialCampaign& campaign = CampaignOf(lead);
  uint64_t key = 0;
  for (const LeadOrder order : campaign.order) {
    switch (order) {
      case LeadOrder::kCallback:
        key = key << 1 | ((lead.flags & kCallback) != 0 ? 0u : 1u);
        break;
      case LeadOrder::kPriority:
        key = key << 8 | (255u - lead.priority);
        break;
      case LeadOrder::kDue: {
        const int64_t grain = absl::ToInt64Seconds(campaign.due_grain);
        key = key << 32 | static_cast<uint64_t>(DueOf(lead) / grain);
        break;
      }
      case LeadOrder::kAttempts:
        key = key << 7 | std::min<uint32_t>(lead.attempts, 127);
        break;
      case LeadOrder::kScore:
        key = key << 16 | (65'535u - lead.score);
        break;
    }
  }
  return key;
}

uint32_t LeadListImpl::CellOf(uint32_t list, uint32_t of_class, uint64_t agent,
                              bool guaranteed) {
  const auto [at, made] =
      cell_index_.try_emplace({list, of_class, agent, guaranteed},
                              static_cast<uint32_t>(cells_.size()));
  if (!made) return at->second;
  const uint32_t campaign = compiled_->campaign_of(list);
  cells_.push_back({list, of_class, agent, guaranteed, {}});
  if (agent == 0) {
    open_cells_[campaign].push_back(at->second);
  } else {
    own_cells_[{campaign, agent}].push_back(at->second);
  }
  return at->second;
}

bool LeadListImpl::CellOpen(const Cell& cell, bool agent_reserved) const {
  return cell.leads.size() > 0 && (agent_reserved || !cell.guaranteed) &&
         !lists_[cell.list].paused &&
         lists_[cell.list].done < compiled_->rules().lists[cell.list].quota &&
         compiled_->at(cell.of_class).open;
}

// The first lead of all cells that are open, of one list unless kNone.
uint32_t LeadListImpl::ChooseCell(uint32_t campaign, const LeadRequest& request,
                                  uint32_t list) {
  const Ready* best = nullptr;
  const auto look = [&](const std::vector<uint32_t>& cells) {
    for (const uint32_t i : cells) {
      Cell& cell = cells_[i];
      if (list != kNone && cell.list != list) continue;
      if (!CellOpen(cell, request.agent_reserved)) continue;
      const Ready* const top = cell.leads.Top(Valid());
      if (best == nullptr || top->Before(*best)) best = top;
    }
  };
  look(open_cells_[campaign]);
  const auto own = own_cells_.find({campaign, request.agent});
  if (own != own_cells_.end()) look(own->second);
  return best == nullptr ? kNone : best->lead;
}

// Stride scheduling (Waldspurger, Weihl 1995): the list with the least pass.
// One that had no leads takes up from where the others are.
uint32_t LeadListImpl::ListToServe(uint32_t campaign,
                                   const LeadRequest& request) {
  constexpr uint64_t kTurn = 1'000'000'000;
  const uint64_t now = campaigns_[campaign].pass;
  uint32_t best = kNone;
  const auto pass = [&](uint32_t list) {
    return std::max(lists_[list].pass, now);
  };
  const auto look = [&](const std::vector<uint32_t>& cells) {
    for (const uint32_t i : cells) {
      const uint32_t list = cells_[i].list;
      if (!CellOpen(cells_[i], request.agent_reserved)) continue;
      if (best == kNone || pass(list) < pass(best) ||
          (pass(list) == pass(best) && list < best)) {
        best = list;
      }
    }
  };
  look(open_cells_[campaign]);
  const auto own = own_cells_.find({campaign, request.agent});
  if (own != own_cells_.end()) look(own->second);
  if (best == kNone) return kNone;
  campaigns_[campaign].pass = pass(best);
  const int32_t share = compiled_->rules().lists[best].share;
  lists_[best].pass = pass(best) + kTurn / static_cast<uint64_t>(share);
  return best;
}

uint32_t LeadListImpl::Choose(uint32_t campaign, const LeadRequest& request) {
  if (campaigns_[campaign].paused) return kNone;
  const DialCampaign& rules = compiled_->rules().campaigns[campaign];
  const uint32_t first = ChooseCell(campaign, request, kNone);
  if (rules.mix == ListMix::kOrder || first == kNone ||
      (leads_[first].flags & kCallback) != 0) {
    return first;
  }
  return ChooseCell(campaign, request, ListToServe(campaign, request));
}

}  // namespace callrouter
