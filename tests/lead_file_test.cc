#include "callrouter/lead_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace callrouter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

LeadFileOptions Options(const std::string& country = "44") {
  LeadFileOptions options;
  options.list = "march";
  options.country = country;
  return options;
}

LeadFile Parse(const std::string& text,
               const LeadFileOptions& options = Options()) {
  const auto file = ParseLeads(text, "list.csv", options);
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *file : LeadFile();
}

std::vector<std::string> Numbers(const LeadFile& file) {
  std::vector<std::string> numbers;
  for (const LeadConfig& lead : file.leads) {
    std::string text;
    for (const LeadNumber& number : lead.numbers) {
      text += (text.empty() ? "" : " ") + number.number.ToString();
    }
    numbers.push_back(text);
  }
  return numbers;
}

std::vector<std::string> Quirks(const LeadFile& file) {
  std::vector<std::string> quirks;
  for (const FileFault& quirk : file.quirks) {
    quirks.push_back(quirk.ToString());
  }
  return quirks;
}

TEST(LeadFileTest, NumbersAsPeopleWriteThem) {
  const LeadFile file = Parse(
      "\xef\xbb\xbf\"First Name\", PHONE-number ,Zip\r\n"
      "Ann,+44 20 7946 0001,1\r\n"
      "\"Bell, \"\"Bob\"\"\",0044 (20) 7946-0002,2\r\n"
      "\r\n"
      "Cy,020 7946.0003,3\r\n"
      "Di,\"+44/2079460004\",4\r\n");
  EXPECT_THAT(Numbers(file), ElementsAre("+442079460001", "+442079460002",
                                         "+442079460003", "+442079460004"));
  EXPECT_THAT(Quirks(file), IsEmpty());
  EXPECT_EQ(file.rejects, "");
  EXPECT_EQ(file.rows, 4);
  EXPECT_EQ(file.leads[3].lead, 4u);
  EXPECT_EQ(file.leads[3].list, "march");
  EXPECT_EQ(
      Numbers(Parse("phone\n(555) 123-4567\n1-555-123-4568\n", Options("1"))),
      (std::vector<std::string>{"+15551234567", "+15551234568"}));
}

TEST(LeadFileTest, BadRowsComeBackAsTheyAreWithWhatIsWrong) {
  const LeadFile file = Parse(
      "id;Phone;Priority\n"
      "7;02079460001;\n"
      "8;;5\n"
      "9;n/a;5\n"
      "10;+442079460001;5\n"
      "11;12;5\n"
      "12;\"02079460002;5\n"
      "13;02079460003;900\n");
  EXPECT_THAT(Numbers(file), ElementsAre("+442079460001", "+442079460003"));
  EXPECT_EQ(file.leads[1].priority, 100);
  EXPECT_EQ(file.rejects,
            "id;Phone;Priority\n8;;5\n9;n/a;5\n10;+442079460001;5\n11;12;5\n"
            "12;\"02079460002;5\n");
  EXPECT_EQ(file.rejected, 5);
  EXPECT_EQ(file.rows, 7);
  const std::vector<std::string> quirks = Quirks(file);
  EXPECT_THAT(quirks, ::testing::Contains(HasSubstr(
                          "list.csv:4:3: phone: found n/a, expected digits")));
  EXPECT_THAT(quirks,
              ::testing::Contains(HasSubstr(
                  "list.csv:5:4: phone: found +442079460001, expected each "
                  "number once: it is in line 2 too")));
  EXPECT_THAT(quirks, ::testing::Contains(HasSubstr(
                          "list.csv:7:1: row: found a quotation mark")));
  EXPECT_THAT(quirks, ::testing::Contains(
                          HasSubstr("list.csv:8:16: priority: found 900")));
  // What came back reads as well as before.
  EXPECT_EQ(Parse(file.rejects).rejected, 4);  // The number is new there.
}

TEST(LeadFileTest, SeveralColumnsOfNumbersAndNamesOfOnesOwn) {
  EXPECT_THAT(Numbers(Parse("PHONENUMBER,PHONENUMBER,Mobile\n"
                            "02079460001,,02079460002\n"
                            ",02079460003,02079460003\n"
                            "02079460004,x,\n")),
              ElementsAre("+442079460001 +442079460002", "+442079460003",
                          "+442079460004"));
  LeadFileOptions options = Options();
  options.phones = {"Ring Me"};
  options.id = "key";
  const LeadFile file = Parse(
      "Key,ring_me,phone,,Key\n40,02079460001,1,,2\n40,02079460002,1,,2\n"
      "x,02079460003,1,,2\n",
      options);
  EXPECT_THAT(Numbers(file), ElementsAre("+442079460001"));
  EXPECT_EQ(file.leads[0].lead, 40u);
  EXPECT_EQ(file.rejected, 2);
  EXPECT_EQ(file.quirks.size(), 4u);  // Nameless and double columns.
  options.id = "gone";
  EXPECT_THAT(
      std::string(ParseLeads("ring me\n", "f", options).status().message()),
      HasSubstr("no column \"gone\""));
}

TEST(LeadFileTest, WhatIsWrittenForPeopleIsNotDialled) {
  EXPECT_THAT(Numbers(Parse("phone\n+44 (0)20 7946 0001\n0044(0)2079460002\n"
                            "(0)20 7946 0003\n2079460004.0\n")),
              ElementsAre("+442079460001", "+442079460002", "+442079460003",
                          "+442079460004"));
  EXPECT_THAT(Numbers(Parse("phone\n2.07946E+09\n")), IsEmpty());
}

TEST(LeadFileTest, NationalNumbersOfSeveralCountries) {
  EXPECT_THAT(Numbers(Parse("tel\n8 (495) 123-45-67\n74951234568\n"
                            "495 123-45-69\n+7 495 123-45-60\n",
                            Options("7"))),
              ElementsAre("+74951234567", "+74951234568", "+74951234569",
                          "+74951234560"));
  // One digit too many or too few is somebody else, or nobody.
  LeadFile file =
      Parse("tel\n8 (495) 123-45-678\n+7 495 123-45-6\n", Options("7"));
  EXPECT_THAT(Numbers(file), IsEmpty());
  EXPECT_THAT(Quirks(file)[0], HasSubstr("expected 10 digits after +7"));
  EXPECT_THAT(Numbers(Parse("tel\n06 1234 5678\n", Options("39"))),
              ElementsAre("+390612345678"));
  LeadFileOptions options = Options("44");
  options.trunk_prefix = "-";
  EXPECT_THAT(Numbers(Parse("tel\n2079460001\n", options)),
              ElementsAre("+442079460001"));
}

TEST(LeadFileTest, TheListOfEachRow) {
  LeadFileOptions options = Options();
  options.list_column = "Stage";
  const LeadFile file =
      Parse("phone;stage\n02079460001;early\n02079460002;late\n", options);
  ASSERT_EQ(file.leads.size(), 2u);
  EXPECT_EQ(file.leads[0].list, "early");
  EXPECT_EQ(file.leads[1].list, "late");
  options.list_column = "gone";
  EXPECT_FALSE(ParseLeads("phone\n", "f", options).ok());
}

TEST(LeadFileTest, WhomTheCampaignRefusesIsRejectedToo) {
  LeadFileOptions options = Options();
  options.accept = [](const LeadConfig& lead) {
    return lead.numbers[0].number.value() == 449012345678
               ? absl::InvalidArgumentError("another number: this is premium")
               : absl::OkStatus();
  };
  const LeadFile file = Parse(
      "name,phone\nA,0901 234 5678\nB,02079460001\nC,0901 234 5678\n", options);
  EXPECT_THAT(Numbers(file), ElementsAre("+442079460001"));
  EXPECT_EQ(file.rejects, "name,phone\nA,0901 234 5678\nC,0901 234 5678\n");
  EXPECT_THAT(Quirks(file),
              ElementsAre("list.csv:2:3: lead: found +449012345678, expected "
                          "another number: this is premium",
                          "list.csv:4:3: lead: found +449012345678, expected "
                          "another number: this is premium"));
}

// The same headers as lists of other diallers have, the rows invented.
TEST(LeadFileTest, ListsOfOtherDiallers) {
  LeadFile file = Parse(
      "\xef\xbb\xbf"
      "First Name,Last Name,# Windows,# Doors,Amount,Address,City,State,Zip,"
      "Phone,Email,Sales Rep,Installer\n"
      "\"***Ann\",\"Bee***\",\"1\",\"0\",\"7.0400\",\"1 E. Road\",\"Town\","
      "\"OH\",\"12345\",\"(212) 555-0101\",\"\",\"C D\",\"E F\"\n"
      "\"Cy\",\"Dee\",\"1\",\"0\",\"7.0400\",\"2 E. Road\",\"Town\",\"OH\","
      "\"12345\",\"12345\",\"\",\"C D\",\"E F\"\n",
      Options("1"));
  EXPECT_THAT(Numbers(file), ElementsAre("+12125550101"));
  EXPECT_EQ(file.rejected, 1);
  file = Parse(
      "\"PHONENUMBER\",\"PHONENUMBER\",\"FIRSTNAME\",\"LASTNAME\","
      "\"MiddleName\",\"Suffix\",\"Email\",\"PRIMARYID\",\"AGE\",\"GENDER\"\n"
      "\"2125550-10-1\",,\"A\",\"B\",\"C\",,\"a@b\",987,23,\"Male\"\n",
      Options("1"));
  EXPECT_THAT(Numbers(file), ElementsAre("+12125550101"));
  EXPECT_THAT(Quirks(file), IsEmpty());
  file = Parse(
      "\"Phone\",\"Name\",\"Email\",,\"Address\"\n"
      "\"2125550-10-1\",\"A\",\"a@b\",\"left out\",\"1 Road\"\n",
      Options("1"));
  EXPECT_THAT(Numbers(file), ElementsAre("+12125550101"));
  EXPECT_THAT(Quirks(file),
              ElementsAre(HasSubstr("list.csv:1:24: header: found a column "
                                    "without a name")));
  file =
      Parse("Phone\n\"\\\"one\\\", \\\"two\\\",\\\"three\\\"\"\nAnd prose.\n");
  EXPECT_THAT(Numbers(file), IsEmpty());
  EXPECT_EQ(file.rejected, 2);
  LeadFileOptions options = Options("1");
  options.vicidial = true;
  file = Parse(
      "1,1,129,1,2125550101,MR,A,Q,B,1 ROAD,,,TOWN,FL,,33709,USA,M,1970-01-01,"
      "2125550102,t@t,nothing,COMMENTS\r\n",
      options);
  EXPECT_THAT(Numbers(file), ElementsAre("+12125550101 +12125550102"));
  file = Parse(
      "1|1|107|1|2125550101|MR|I|Q|B|1 ROAD|||TOWN|FL||33709|USA|M|1970-01-01|"
      "|t@t|nothing|C||||2125550103__airport!2125550104_61_home\r\n",
      options);
  EXPECT_THAT(Numbers(file),
              ElementsAre("+12125550101 +12125550103 +612125550104"));
}

TEST(LeadFileTest, WithoutAHeaderOrRows) {
  EXPECT_THAT(std::string(ParseLeads("\n\"02079460001\",Ann\n", "f", Options())
                              .status()
                              .message()),
              HasSubstr("f:2:1: header: found 02079460001, expected a column"));
  EXPECT_FALSE(ParseLeads("", "f", Options()).ok());
  EXPECT_THAT(Numbers(Parse("Phone")), IsEmpty());
}

TEST(LeadFileTest, VicidialsLeadFile) {
  LeadFileOptions options = Options("");
  options.vicidial = true;
  const LeadFile file = Parse(
      "1|s|107|1|2125550101|MR|A||B|1 ROAD|||TOWN|NY||10001|USA|M|"
      "1970-01-01|2125550102|a@b|c|d|3|o||2125550103_1_work!2079460000_44_x\n"
      "2|s|107|44|02079460001||||||||||||||||||||\n",
      options);
  EXPECT_THAT(Numbers(file),
              ElementsAre("+12125550101 +12125550102 +12125550103 "
                          "+442079460000",
                          "+442079460001"));
  EXPECT_EQ(file.leads[0].score, 3);
}

}  // namespace
}  // namespace callrouter
