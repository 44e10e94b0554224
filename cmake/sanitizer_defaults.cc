// Options that the sanitizer runtimes ask every program for at its start. Compiled into each
// sanitized program of ours; the environment (ASAN_OPTIONS and so on) still overrides them.

extern "C" {

const char* __asan_default_options();
const char* __asan_default_options() {
  return "detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1";
}

const char* __ubsan_default_options();
const char* __ubsan_default_options() { return "print_stacktrace=1"; }

const char* __tsan_default_options();
const char* __tsan_default_options() {
  return "halt_on_error=1:second_deadlock_stack=1:history_size=4";
}

// Debian's gRPC archives are not instrumented and abseil's mutex is a bare futex, so
// ThreadSanitizer cannot see how gRPC orders its own accesses. Only frames inside of gRPC and
// abseil are silenced; our own hand-overs go through std::mutex and Asio, which it does see.
const char* __tsan_default_suppressions();
const char* __tsan_default_suppressions() {
  return "race:^grpc_core::\n"
         "race:^grpc::internal::\n"
         "race:^grpc::Server::\n"
         "race:^grpc::CompletionQueue::\n"
         "race:^absl::\n"
         "mutex:^grpc_core::\n"
         "deadlock:^grpc_core::\n";
}

}  // extern "C"
