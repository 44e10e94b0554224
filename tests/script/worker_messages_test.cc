#include "daemon/script/worker_messages.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace migrationd::script {
namespace {

TEST(AWorkerMessage, OfNumbersHasThemAtOnce) {
  EXPECT_EQ(PackNumbers('F', std::array{7U, 0x01020304U}), std::string("F\7\0\0\0\4\3\2\1", 9));
  EXPECT_EQ(PackNumbers('F', {}), "F");
}

TEST(AWorkerMessage, OfOneNumberIsReadBackAndNothingElseIs) {
  EXPECT_EQ(UnpackNumber('S', PackNumbers('S', std::array{4194304U})), 4194304U);
  const std::string number = PackNumbers('S', std::array{0xFFFFFFFFU});
  EXPECT_EQ(UnpackNumber('S', number), 0xFFFFFFFFU);
  EXPECT_EQ(UnpackNumber('R', number), std::nullopt);
  for (std::size_t size = 0; size < number.size(); ++size) {
    EXPECT_EQ(UnpackNumber('S', number.substr(0, size)), std::nullopt);
  }
  EXPECT_EQ(UnpackNumber('S', number + "x"), std::nullopt);
}

TEST(AWorkerMessage, IsReadAsItWasWritten) {
  const std::string long_field(100000, 'x');
  const auto message = Unpack(Pack('J', {"", "a", long_field, std::string_view("\0\xff", 2)}));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->kind, 'J');
  EXPECT_EQ(message->fields,
            (std::vector<std::string>{"", "a", long_field, std::string("\0\xff", 2)}));
}

TEST(AWorkerMessage, ThatIsCutOffAnywhereIsNone) {
  const std::string whole = Pack('F', {"migrate", "words"});
  const std::size_t after_first = 1 + 4 + 7;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto message = Unpack(whole.substr(0, size));
    EXPECT_EQ(message.has_value(), size == 1 || size == after_first) << size;
  }
}

TEST(AWorkerMessage, HasNumbersOnlyWhereNumbersAre) {
  const Message message{
      'S', {"12", "", "12x", " 12", "-3", "99999999999999999999", "0.5", "nan", "inf"}};
  EXPECT_EQ(NumberField(message, 0), 12);
  EXPECT_EQ(NumberField(message, 4), -3);
  for (const std::size_t i : {1U, 2U, 3U, 5U, 6U, 7U, 9U})
    EXPECT_FALSE(NumberField(message, i)) << i;
  EXPECT_EQ(RealField(message, 6), 0.5);
  for (const std::size_t i : {1U, 2U, 3U, 7U, 8U, 9U}) EXPECT_FALSE(RealField(message, i)) << i;
}

TEST(AStreamOfWorkerMessages, MayComeInAnyPieces) {
  std::string stream;
  for (int i = 0; i < 100; ++i) stream += PackForStream('G', {std::to_string(i), "of 100"});
  for (const std::size_t piece : {1U, 3U, 10U, 1000U, 100000U}) {
    MessageReader reader(100);
    int next = 0;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      reader.Feed(std::string_view(stream).substr(at, piece));
      while (const auto message = reader.Next()) EXPECT_EQ(NumberField(*message, 0), next++);
    }
    EXPECT_EQ(next, 100);
    EXPECT_FALSE(reader.broken());
  }
}

TEST(AStreamOfWorkerMessages, BreaksAtAMessageThatIsTooLong) {
  MessageReader reader(100);
  reader.Feed(PackForStream('R', {std::string(200, 'x')}));
  EXPECT_FALSE(reader.Next());
  EXPECT_TRUE(reader.broken());
  reader.Feed(PackForStream('R', {"applied"}));
  EXPECT_FALSE(reader.Next());
}

TEST(AStreamOfWorkerMessages, SurvivesAnyBytes) {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
  for (int round = 0; round < 2000; ++round) {
    MessageReader reader(1000);
    std::string bytes = PackForStream('A', {"description", "30", ""});
    for (int change = 0; change < 3; ++change) {
      bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    }
    reader.Feed(bytes);
    while (reader.Next()) {
    }
  }
}

}  // namespace
}  // namespace migrationd::script
