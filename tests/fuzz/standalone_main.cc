// Runs a fuzzer without libFuzzer: every file of the corpus folder as it is,
// then seeded mutations of them. Usage:
//
//   x_fuzz [--seconds=N] [--runs=N] [--seed=N] corpus_folder_or_file...
//
// Ends after N seconds or N mutations, whichever is first. The input that
// brings the program down is written to <program>.crash. The same seed and
// corpus give the same inputs, so a number of runs repeats exactly.

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
// There in a sanitizer build only: its reports do not end in a signal.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(
    void (*callback)());

namespace {

using Bytes = std::vector<uint8_t>;

// One input may take this long; a hang is a failure.
constexpr unsigned kSecondsPerInput = 10;
constexpr size_t kSizeMax = 1 << 16;

const Bytes* current_input = nullptr;
std::string crash_path;

// Both may run inside a signal: only calls that are safe there. stdio and the
// heap are not; the thread sanitizer would stop on them, halfway.
void Say(const char* text) {
  if (write(STDERR_FILENO, text, std::strlen(text)) < 0) return;
}

void WriteCurrentInput() {
  if (current_input == nullptr) return;
  const int file =
      open(crash_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return;
  if (write(file, current_input->data(), current_input->size()) >= 0) {
    Say("the input is kept in ");
    Say(crash_path.c_str());
    Say("\n");
  }
  close(file);
}

void OnSignal(int number) {
  WriteCurrentInput();
  if (number == SIGALRM) Say("hang: one input took too long\n");
  _exit(128 + number);
}

void Run(const Bytes& input) {
  // A heap copy of exact size lets the address sanitizer see an overread.
  const Bytes copy(input);
  current_input = &copy;
  alarm(kSecondsPerInput);
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
  alarm(0);
  current_input = nullptr;
}

class Mutator {
 public:
  Mutator(uint64_t seed, const std::vector<Bytes>& corpus)
      : random_(seed), corpus_(corpus) {}

  Bytes Next() {
    Bytes input = corpus_[Below(corpus_.size())];
    const uint64_t changes = 1 + Below(4);
    for (uint64_t i = 0; i < changes; ++i) Change(&input);
    if (input.size() > kSizeMax) input.resize(kSizeMax);
    return input;
  }

 private:
  uint64_t Below(uint64_t bound) { return bound == 0 ? 0 : random_() % bound; }

  void Change(Bytes* input) {
    const auto at = static_cast<std::ptrdiff_t>(Below(input->size() + 1));
    const auto begin = input->begin() + at;
    const auto length = static_cast<std::ptrdiff_t>(std::min<uint64_t>(
        Below(16) + 1, static_cast<uint64_t>(input->end() - begin)));
    switch (Below(6)) {
      case 0:  // Flip one bit.
        if (begin != input->end()) {
          *begin = static_cast<uint8_t>(*begin ^ (1U << Below(8)));
        }
        break;
      case 1:  // Any byte.
        if (begin != input->end()) *begin = static_cast<uint8_t>(random_());
        break;
      case 2:
        input->insert(begin, static_cast<uint8_t>(random_()));
        break;
      case 3:
        input->erase(begin, begin + length);
        break;
      case 4: {  // Repeat a piece.
        const Bytes piece(begin, begin + length);
        input->insert(begin, piece.begin(), piece.end());
        break;
      }
      default: {  // Take a piece of another input.
        const Bytes& other = corpus_[Below(corpus_.size())];
        const auto from = static_cast<std::ptrdiff_t>(Below(other.size() + 1));
        const auto piece = std::min<std::ptrdiff_t>(
            64, std::distance(other.begin() + from, other.end()));
        input->insert(begin, other.begin() + from,
                      other.begin() + from + piece);
        break;
      }
    }
  }

  std::mt19937_64 random_;
  const std::vector<Bytes>& corpus_;
};

Bytes Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

struct Arguments {
  uint64_t seconds = 3;
  uint64_t runs = 20000;
  uint64_t seed = 1;
  std::vector<std::filesystem::path> files;
  bool valid = true;
};

Arguments ParseArguments(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const size_t equal = word.find('=');
    if (word.rfind("--", 0) == 0) {
      const std::string name = word.substr(0, equal);
      const uint64_t value =
          equal == std::string::npos
              ? 0
              : std::strtoull(word.c_str() + equal + 1, nullptr, 10);
      if (name == "--seconds") {
        arguments.seconds = value;
      } else if (name == "--runs") {
        arguments.runs = value;
      } else if (name == "--seed") {
        arguments.seed = value;
      } else {
        arguments.valid = false;
      }
    } else if (std::filesystem::is_directory(word)) {
      for (const auto& entry : std::filesystem::directory_iterator(word)) {
        arguments.files.push_back(entry.path());
      }
    } else {
      arguments.files.emplace_back(word);
    }
  }
  std::sort(arguments.files.begin(), arguments.files.end());
  return arguments;
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = ParseArguments(argc, argv);
  if (!arguments.valid || arguments.files.empty()) {
    std::fprintf(stderr,
                 "usage: %s [--seconds=N] [--runs=N] [--seed=N] corpus...\n"
                 "the corpus must hold at least one file\n",
                 argv[0]);
    return 2;
  }
  crash_path = std::string(argv[0]) + ".crash";
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(WriteCurrentInput);
  } else {
    for (int number : {SIGSEGV, SIGILL, SIGFPE, SIGBUS}) {
      signal(number, OnSignal);
    }
  }
  signal(SIGABRT, OnSignal);
  signal(SIGALRM, OnSignal);

  std::vector<Bytes> corpus;
  for (const auto& path : arguments.files) corpus.push_back(Read(path));
  for (const Bytes& input : corpus) Run(input);

  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::seconds(arguments.seconds);
  Mutator mutator(arguments.seed, corpus);
  uint64_t runs = 0;
  while (runs < arguments.runs && std::chrono::steady_clock::now() < end) {
    Run(mutator.Next());
    ++runs;
  }
  std::printf("%zu corpus files, %llu mutations, seed %llu: no crash\n",
              corpus.size(), static_cast<unsigned long long>(runs),
              static_cast<unsigned long long>(arguments.seed));
  return 0;
}
