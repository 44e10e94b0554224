#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/ports.h"
#include "daemon/script/spare.h"
#include "daemon/script/spare_pool.h"

namespace migrationd::script {

/// Compiles scripts ahead, many at a time, in a spare that it keeps for this alone: a third of what
/// a trivial script costs its own process is the compiler, because all that it touches is copied.
/// Nothing of a script is executed. It is a matter of time only: what is not there when it is
/// needed, the script's own process makes. Loop thread only.
class Compiler : public std::enable_shared_from_this<Compiler> {
 public:
  /// `pool` must live longer.
  explicit Compiler(SparePool& pool) : pool_(pool) {}

  /// Has scripts compiled that will be started soon. A few are not worth the process.
  void Compile(std::vector<core::Script> scripts);

  /// The script's code, as marshal.dumps() of Python gives it; empty when there is none: not yet,
  /// or the script does not compile, or not without a warning, which is for its own process to
  /// tell. Given away once.
  std::string Take(const core::Script& script);

  /// Forgets everything, and ends the process.
  void LetGo();

 private:
  struct Code {
    std::shared_ptr<const std::string> source;
    std::string bytes;
  };

  void TakeSpare();
  void Send();
  void OnMessage(const Message& message);
  void End();

  SparePool& pool_;
  std::shared_ptr<Spare> spare_;
  bool awaiting_spare_ = false;
  std::vector<core::Script> asked_;
  std::map<std::string, Code> codes_;  // By path.
};

}  // namespace migrationd::script
