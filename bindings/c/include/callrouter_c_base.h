// callrouter_c_base.h
//
// What all parts of callrouter_c.h have in common: codes, handles' messages,
// bytes, lists of faults, files that other files name, telephone numbers.
//
//   cr_faults *faults;
//   cr_faults_create(&faults);
//   if (cr_config_parse(text, size, "a.textproto", faults, &config) != CR_OK) {
//     for (size_t i = 0; i < cr_faults_count(faults); ++i)
//       puts(cr_faults_at(faults, i)->text);
//     // a.textproto:12:19: queue[2].requirement: found 'fr', expected ...
//   }
//
// Include callrouter_c.h; its conventions hold here.

#ifndef CALLROUTER_C_BASE_H_
#define CALLROUTER_C_BASE_H_

#include <stddef.h>
#include <stdint.h>

#include "callrouter_c_version.h"

#define CR_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

// --- Codes ---

typedef enum cr_status {
  CR_OK = 0,
  CR_INVALID_ARGUMENT = 3,     // A field is out of range, or a pointer is null.
  CR_NOT_FOUND = 5,            // No such thing (any more).
  CR_ALREADY_EXISTS = 6,       // There is one already, with other content.
  CR_RESOURCE_EXHAUSTED = 8,   // A limit in the options, or memory.
  CR_FAILED_PRECONDITION = 9,  // Not in a state for this.
  CR_OUT_OF_RANGE = 11,        // Behind the end of a list.
  CR_UNIMPLEMENTED = 12,       // Of a later release.
  CR_INTERNAL = 13,            // Our mistake, or memory ran out earlier.
  CR_DATA_LOSS = 15,           // Recorded bytes are torn or damaged.
  CR_INVALID_HANDLE = 100      // Null, destroyed, foreign, of another type.
} cr_status;

// One word for a code, e.g. "not found". Never null.
CR_API const char *cr_status_name(int32_t status);

// What was wrong in the last call on `handle` (of any type) that is not const;
// empty after CR_OK. Never null; a handle that is none says so. At most 1,023
// bytes, longer ones end in "...".
CR_API const char *cr_message(const void *handle);

#define CR_NEVER INT64_MAX   // Later than all; as a duration, without end.
#define CR_ALWAYS INT64_MIN  // Earlier than all.

// --- Version ---

// The library's, as CR_VERSION_NUMBER was when it was built: 10,000 x major +
// 100 x minor + patch.
CR_API int32_t cr_version_number(void);
CR_API const char *cr_version(void);  // "0.1.0"
// CR_OK if a host that was compiled with the headers of `header_version`
// (CR_VERSION_NUMBER) may use this library, else CR_UNIMPLEMENTED: another
// major version (before 1.0: minor), or headers newer than the library.
CR_API cr_status cr_check_version(int32_t header_version);

// --- Bytes: what a function wrote, e.g. saved state. Keeps its memory. ---

typedef struct cr_bytes cr_bytes;
CR_API cr_status cr_bytes_create(cr_bytes **out);
CR_API void cr_bytes_destroy(cr_bytes *bytes);
// Followed by a zero that does not count. Null only for no handle.
CR_API const char *cr_bytes_data(const cr_bytes *bytes);
CR_API size_t cr_bytes_size(const cr_bytes *bytes);
CR_API cr_status cr_bytes_clear(cr_bytes *bytes);

// --- Faults: everything wrong with a text ---

typedef struct cr_faults cr_faults;
typedef struct cr_fault {
  size_t struct_size;
  const char *file;
  int32_t line;    // From 1; 0: not of one line.
  int32_t column;  // In bytes, from 1.
  const char *field;
  const char *found;
  const char *expected;
  const char *text;  // All of that: "file:line:column: field: found X, ...".
} cr_fault;
// Where a function takes `faults` it may be null: only the code is told then.
// Each call begins with an empty list.
CR_API cr_status cr_faults_create(cr_faults **out);
CR_API void cr_faults_destroy(cr_faults *faults);
CR_API size_t cr_faults_count(const cr_faults *faults);
// Null behind the end. Valid until `faults` is used again.
CR_API const cr_fault *cr_faults_at(const cr_faults *faults, size_t index);

// --- Files that files name: the library opens none ---

typedef struct cr_files cr_files;
// Adds a file to what cr_read was asked for.
CR_API cr_status cr_files_add(cr_files *files, const char *name,
                              const char *text, size_t size);
// The host's way to read: adds to `files` the file (for an include of
// queues.conf: all that match, in order) that `name` says, as it is written in
// the file `from`, by cr_files_add, and returns CR_OK; or another code, and it
// is not there. `context` is handed through. It must return (no exception, no
// longjmp) and not use other handles of the call it is in.
typedef cr_status (*cr_read)(void *context, const char *name, const char *from,
                             cr_files *files);

// --- Telephone numbers (ITU-T E.164) ---

// "+74951234567" or "74951234567": 7 to 15 digits, the first not 0.
CR_API cr_status cr_phone_parse(const char *text, uint64_t *number);
// Writes "+74951234567" and a zero to `buffer`, if that holds 17 bytes.
CR_API cr_status cr_phone_format(uint64_t number, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_BASE_H_
