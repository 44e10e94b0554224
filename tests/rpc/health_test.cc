#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/rpc/served_host.h"

namespace migrationd::rpc {
namespace {

namespace health = grpc::health::v1;
namespace pb = google::protobuf;

health::HealthCheckResponse::ServingStatus HealthOf(const Client& client) {
  const auto context = Context();
  health::HealthCheckResponse response;
  EXPECT_TRUE(health::Health::NewStub(client.channel)->Check(context.get(), {}, &response).ok());
  return response.status();
}

TEST(Health, IsThatOfTheEngine) {
  ServedHost host;
  const Client client = host.Connect();
  EXPECT_EQ(HealthOf(client), health::HealthCheckResponse::SERVING);
  host.Do([&host] { host.store.FailNextWrite(fakes::DiskBroken()); });
  const auto context = Context();
  EXPECT_FALSE(client.api->Run(context.get(), {})->Finish().ok());
  EXPECT_EQ(HealthOf(client), health::HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(HealthOf(host.Connect(Role::kViewer)), health::HealthCheckResponse::NOT_SERVING);
  host.RunToItsEnd();
  EXPECT_EQ(HealthOf(client), health::HealthCheckResponse::SERVING);
}

TEST(Health, ChangesAreToldToWhoWatches) {
  ServedHost host;
  const Client client = host.Connect();
  const auto context = Context();
  const auto stub = health::Health::NewStub(client.channel);
  const auto watch = stub->Watch(context.get(), health::HealthCheckRequest());
  health::HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), health::HealthCheckResponse::SERVING);
  host.Do([&host] { host.engine.Shutdown(std::chrono::seconds(1), [] {}); });
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(response.status(), health::HealthCheckResponse::NOT_SERVING);
  context->TryCancel();
}

/// A message of reflection's API: Debian packages the code of grpc.reflection.v1alpha and not its
/// headers.
std::unique_ptr<pb::Message> ReflectionMessage(const std::string& name) {
  const pb::Descriptor* descriptor = pb::DescriptorPool::generated_pool()->FindMessageTypeByName(
      "grpc.reflection.v1alpha." + name);
  return std::unique_ptr<pb::Message>(
      pb::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
}

grpc::ByteBuffer BytesOf(const pb::Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return {&slice, 1};
}

/// What the server answers to one question of the stream ServerReflectionInfo.
std::unique_ptr<pb::Message> AskReflection(const Client& client, const std::string& question,
                                           const std::string& about) {
  const auto request = ReflectionMessage("ServerReflectionRequest");
  request->GetReflection()->SetString(request.get(),
                                      request->GetDescriptor()->FindFieldByName(question), about);
  const grpc::internal::RpcMethod method(
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      grpc::internal::RpcMethod::BIDI_STREAMING, client.channel);
  const auto context = Context();
  const std::unique_ptr<grpc::ClientReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>> stream(
      grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, grpc::ByteBuffer>::Create(
          client.channel.get(), method, context.get()));
  grpc::ByteBuffer bytes;
  EXPECT_TRUE(stream->Write(BytesOf(*request)));
  EXPECT_TRUE(stream->Read(&bytes));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  grpc::Slice slice;
  EXPECT_TRUE(bytes.DumpToSingleSlice(&slice).ok());
  auto response = ReflectionMessage("ServerReflectionResponse");
  EXPECT_TRUE(response->ParseFromArray(slice.begin(), static_cast<int>(slice.size())));
  return response;
}

TEST(Reflection, ListsTheServices) {
  ServedHost host;
  const auto response = AskReflection(host.Connect(), "list_services", "*");
  const std::string text = response->DebugString();
  for (const char* service : {"telec.migrate.v1.MigrationService", "grpc.health.v1.Health"}) {
    EXPECT_NE(text.find(service), std::string::npos) << text;
  }
}

TEST(Reflection, KnowsWhatTheServicesAreMadeOf) {
  ServedHost host;
  const Client viewer = host.Connect(Role::kViewer);
  for (const char* symbol :
       {"telec.migrate.v1.MigrationService", "telec.migrate.v1.Event", "grpc.health.v1.Health"}) {
    const auto response = AskReflection(viewer, "file_containing_symbol", symbol);
    EXPECT_NE(response->DebugString().find("file_descriptor_response"), std::string::npos)
        << symbol;
  }
}

}  // namespace
}  // namespace migrationd::rpc
