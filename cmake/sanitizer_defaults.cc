// Options that the sanitizer runtimes ask every program for at its start. Compiled into each
// sanitized program of ours; the environment (ASAN_OPTIONS and so on) still overrides them.

extern "C" {

const char* __asan_default_options();
const char* __asan_default_options() {
  return "detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1";
}

const char* __ubsan_default_options();
const char* __ubsan_default_options() { return "print_stacktrace=1"; }

// Debian's libraries are not instrumented: what they do in their own code is not judged.
// tsan_absl_mutex.cc shows how they order what they do in ours.
const char* __tsan_default_options();
const char* __tsan_default_options() {
  return "ignore_noninstrumented_modules=1:halt_on_error=1:second_deadlock_stack=1:history_size=4";
}

// Parts of gRPC's headers, compiled into our files, that gRPC orders by its lock-free queue of
// completions. They call nothing of ours, so nothing of ours is silenced with them.
const char* __tsan_default_suppressions();
const char* __tsan_default_suppressions() {
  return "race:^grpc::internal::CallOpSet\n"
         "race:^grpc::internal::InterceptorBatchMethodsImpl::\n"
         "race:^grpc::internal::CallbackWithSuccessTag::Set\n"
         "race:^grpc::internal::CallbackWithSuccessTag::Clear\n"
         "race:^grpc::internal::ServerCallbackCall::Unref\n"
         "race:^grpc::internal::CallbackServerStreamingHandler<grpc::ByteBuffer, "
         "grpc::ByteBuffer>::ServerCallbackWriterImpl::~ServerCallbackWriterImpl\n"
         // The callback that gRPC has set for a tag, as it is called; not what it calls.
         "race_top:^std::_Function_base::_M_empty\n"
         "race_top:^std::function<void (bool)>::operator()\n"
         "race_top:^std::__atomic_base<grpc::ServerWriteReactor<\n"
         // Whatever else gRPC itself reads or writes, but not what it calls.
         "race_top:grpc::internal::\n";
}

}  // extern "C"
