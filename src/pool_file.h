// callrouter internal: v1.Pool and its tables into rules and numbers.

#ifndef CALLROUTER_SRC_POOL_FILE_H_
#define CALLROUTER_SRC_POOL_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "callrouter/pool_file.h"
#include "callrouter/v1/pool.pb.h"
#include "table_file.h"

namespace callrouter {

// One number as written, in the file itself or in a table's row.
struct WrittenNumber {
  std::string number, group, region, weight, rank, verified, state;
};

// Fills a PoolFile. Faults of fields have the paths of the schema; those of
// tables have a place of their own.
class PoolReader {
 public:
  PoolReader(const v1::Pool& proto, const FileReader& read, PoolFile* out,
             std::vector<Fault>* faults, std::vector<FileFault>* elsewhere)
      : proto_(proto),
        read_(read),
        out_(*out),
        faults_(*faults),
        elsewhere_(*elsewhere) {}

  // pool_file.cc
  void ReadAll();
  // Where the range that FindFaults calls range[i] is written; null: here.
  const FileFault* PlaceOfRange(std::size_t i) const;

 private:
  friend class RangeTable;
  void ReadLimits();
  void ReadGroup(int index);
  void ReadCaps(const std::string& path, const v1::NumberCaps& caps,
                NumberCaps* out);
  void ReadCampaign(int index);
  void ReadHealth();
  void ReadRegion(int index);
  void ReadRange(int index);
  void ReadNumber(int index);
  void ReadBlock(int index);
  void ReadDuration(const std::string& path, const std::string& text,
                    absl::Duration* out);
  void ReadTime(const std::string& path, const std::string& text,
                absl::Time* out);
  uint32_t ReadCapabilities(const google::protobuf::RepeatedField<int>& in);
  bool ReadPhone(const std::string& path, const std::string& text,
                 PhoneNumber* out);

  // pool_file_tables.cc
  bool ReadTable(const std::string& path, const std::string& name,
                 std::string* text);
  void ReadRangeFile(int index);
  void ReadNumberFile(int index);
  // Adds what is wrong with `in` to `faults`, by the name of the field.
  bool MakeNumber(const WrittenNumber& in, NumberConfig* out,
                  std::vector<Fault>* faults);

  const v1::Pool& proto_;
  const FileReader& read_;
  PoolFile& out_;
  std::vector<Fault>& faults_;
  std::vector<FileFault>& elsewhere_;
  std::vector<FileFault> range_places_;  // Of those from tables.
  absl::flat_hash_set<std::string> groups_, regions_;
  absl::flat_hash_set<uint64_t> numbers_;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_POOL_FILE_H_
