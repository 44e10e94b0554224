#include "daemon/storage/failure_codec.h"

namespace migrationd::storage {

JsonOut FailureToJson(const core::Failure& failure) {
  JsonOut json = JsonOut::object();
  json["phase"] = core::NameOf(failure.phase);
  Put(json, "message", failure.message);
  Put(json, "exception_type", failure.exception_type);
  Put(json, "traceback", failure.traceback);
  Put(json, "exit_code", failure.exit_code);
  Put(json, "signal", failure.signal);
  Put(json, "last_output", failure.last_output);
  return json;
}

core::Failure FailureFromJson(const JsonIn& json, Fields& fields, const char* key) {
  Fields inner(json);
  core::Failure failure;
  failure.phase = inner.Named<core::Phase>("phase");
  failure.message = inner.Text("message");
  failure.exception_type = inner.Text("exception_type");
  failure.traceback = inner.Text("traceback");
  failure.exit_code = inner.Int("exit_code");
  failure.signal = inner.Int("signal");
  failure.last_output = inner.Text("last_output");
  if (!inner.ok()) fields.Fail(key, "cannot be read: " + inner.problem());
  return failure;
}

}  // namespace migrationd::storage
