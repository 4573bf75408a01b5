// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/io/npy.h"

#include "tiny_sets.h"

#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <cmath>

using namespace culprit;
using namespace culprit::data;

namespace {

/// A file as NumPy lays it out: version 1, padded to 64 bytes.
std::vector<std::byte> npyOf(const std::string& dictionary, std::string_view data)
{
    std::string header = dictionary;
    header.append(63 - (10 + header.size()) % 64, ' ');
    header += '\n';
    std::string file("\x93NUMPY\x01\x00", 8);
    file += static_cast<char>(header.size());
    file += static_cast<char>(header.size() >> 8);
    file += header;
    file += data;
    const auto bytes = std::as_bytes(std::span(file));
    return {bytes.begin(), bytes.end()};
}

std::vector<double> valuesOf(const NpyArray& array)
{
    std::vector<double> values;
    for (std::int64_t i = 0; i < array.count(); ++i)
        values.push_back(array.at(i));
    return values;
}

} // namespace

class NpyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEveryType_data();
    void readsEveryType();
    void readsOtherHeaders_data();
    void readsOtherHeaders();
    void turnsColumnMajorAround();
    void readsAScalar();
    void writtenArraysComeBack();
    void writesWhatNumPyWrites();
    void refusesBrokenFiles_data();
    void refusesBrokenFiles();
    void refusesMoreThanTheLimit();
    void survivesCutsAndFlips();
};

void NpyTest::readsEveryType_data()
{
    QTest::addColumn<QByteArray>("description");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<std::vector<double>>("values");

    QTest::newRow("bool") << QByteArray("|b1") << QByteArray("\0\1", 2) << std::vector<double>{0, 1};
    QTest::newRow("uint8") << QByteArray("|u1") << QByteArray("\x01\xff") << std::vector<double>{1, 255};
    QTest::newRow("int8") << QByteArray("|i1") << QByteArray("\x01\xff") << std::vector<double>{1, -1};
    QTest::newRow("uint16") << QByteArray("<u2") << QByteArray("\x02\x01\xff\xff")
                            << std::vector<double>{258, 65535};
    QTest::newRow("int16 big-endian")
        << QByteArray(">i2") << QByteArray("\x01\x02\xff\xff") << std::vector<double>{258, -1};
    QTest::newRow("int32") << QByteArray("<i4") << QByteArray("\xfe\xff\xff\xff") << std::vector<double>{-2};
    QTest::newRow("uint32") << QByteArray("<u4") << QByteArray("\xfe\xff\xff\xff")
                            << std::vector<double>{4294967294.0};
    QTest::newRow("int64 big-endian")
        << QByteArray(">i8") << QByteArray("\0\0\0\1\0\0\0\2", 8) << std::vector<double>{4294967298.0};
    QTest::newRow("uint64") << QByteArray("<u8") << QByteArray("\x05\0\0\0\0\0\0\0", 8)
                            << std::vector<double>{5};
    QTest::newRow("half") << QByteArray("<f2") << QByteArray("\x00\x3e\x00\xc0\x01\x00", 6)
                          << std::vector<double>{1.5, -2, std::ldexp(1, -24)};
    QTest::newRow("float") << QByteArray("<f4") << QByteArray("\0\0\xc0\x3f", 4) << std::vector<double>{1.5};
    QTest::newRow("double big-endian")
        << QByteArray(">f8") << QByteArray("\x3f\xf8\0\0\0\0\0\0", 8) << std::vector<double>{1.5};
}

void NpyTest::readsEveryType()
{
    QFETCH(QByteArray, description);
    QFETCH(QByteArray, data);
    QFETCH(std::vector<double>, values);
    const auto file =
        npyOf("{'descr': '" + description.toStdString() + "', 'fortran_order': False, 'shape': (" +
                  std::to_string(values.size()) + ",), }",
              data.toStdString());
    const auto array = parseNpy(file, "a.npy");
    QVERIFY2(array.has_value(), array ? "" : array.error().text.c_str());
    QCOMPARE(valuesOf(*array), values);
    QCOMPARE(array->shape, (std::vector<std::int64_t>{std::int64_t(values.size())}));
}

void NpyTest::readsOtherHeaders_data()
{
    QTest::addColumn<QByteArray>("dictionary");

    QTest::newRow("other order") << QByteArray("{'shape': (2,), 'fortran_order': False, 'descr': '|u1'}");
    QTest::newRow("double quotes") << QByteArray(
        "{\"descr\": \"|u1\", \"fortran_order\": False, \"shape\": (2,)}");
    QTest::newRow("long integers") << QByteArray(
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2L,), }");
    QTest::newRow("no spaces") << QByteArray("{'descr':'|u1','fortran_order':False,'shape':(2,)}");
    QTest::newRow("no order") << QByteArray("{'descr': 'u1', 'fortran_order': False, 'shape': (2,), }");
    QTest::newRow("column-major vector")
        << QByteArray("{'descr': '|u1', 'fortran_order': True, 'shape': (2,), }");
}

void NpyTest::readsOtherHeaders()
{
    QFETCH(QByteArray, dictionary);
    const auto array = parseNpy(npyOf(dictionary.toStdString(), "\x03\x04"), "a.npy");
    QVERIFY2(array.has_value(), array ? "" : array.error().text.c_str());
    QCOMPARE(valuesOf(*array), (std::vector<double>{3, 4}));
}

void NpyTest::turnsColumnMajorAround()
{
    // a[i][j][k] = 100 i + 10 j + k, stored with i running fastest.
    std::string data;
    for (int k = 0; k < 2; ++k)
        for (int j = 0; j < 3; ++j)
            for (int i = 0; i < 2; ++i)
                data += {static_cast<char>(0), static_cast<char>(100 * i + 10 * j + k)};
    const auto array =
        parseNpy(npyOf("{'descr': '>u2', 'fortran_order': True, 'shape': (2, 3, 2), }", data), "a.npy");
    QVERIFY(array.has_value());
    QCOMPARE(valuesOf(*array), (std::vector<double>{0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121}));
}

void NpyTest::readsAScalar()
{
    const auto array =
        parseNpy(npyOf("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", "\x07"), "a.npy");
    QVERIFY(array.has_value());
    QVERIFY(array->shape.empty());
    QCOMPARE(valuesOf(*array), (std::vector<double>{7}));
}

void NpyTest::writtenArraysComeBack()
{
    QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "a.npy";
    const std::array<std::int64_t, 2> shape{3, 1};

    const std::array<float, 3> floats{-1.5F, 0.0F, 3.25F};
    writeBytes(file, npyBytes(std::span<const float>(floats), shape));
    auto array = readNpy(file);
    QVERIFY(array.has_value());
    QCOMPARE(array->type, NpyArray::Type::Float);
    QCOMPARE(valuesOf(*array), (std::vector<double>{-1.5, 0, 3.25}));
    QCOMPARE(array->shape, (std::vector<std::int64_t>{3, 1}));

    const std::array<std::int64_t, 3> integers{-5, 0, std::int64_t{1} << 40};
    writeBytes(file, npyBytes(std::span<const std::int64_t>(integers), shape));
    array = readNpy(file);
    QVERIFY(array.has_value());
    QCOMPARE(valuesOf(*array), (std::vector<double>{-5, 0, 1099511627776.0}));

    const std::array<std::uint8_t, 3> bytes{0, 1, 255};
    writeBytes(file, npyBytes(std::span<const std::uint8_t>(bytes), shape));
    array = readNpy(file);
    QVERIFY(array.has_value());
    QCOMPARE(valuesOf(*array), (std::vector<double>{0, 1, 255}));
}

void NpyTest::writesWhatNumPyWrites()
{
    const std::array<std::uint8_t, 2> bytes{1, 2};
    const auto check = [&](std::vector<std::int64_t> shape, const std::string& dictionary) {
        QCOMPARE(npyBytes(std::span<const std::uint8_t>(bytes), shape), npyOf(dictionary, "\x01\x02"));
        QCOMPARE(npyOf(dictionary, "").size() % 64, std::size_t(0));
    };
    check({2}, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }");
    check({2, 1}, "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1), }");
}

void NpyTest::refusesBrokenFiles_data()
{
    QTest::addColumn<QByteArray>("says");

    QTest::newRow("npy-object-array.npy") << QByteArray("Python objects");
    QTest::newRow("npy-fields.npy") << QByteArray("named fields");
    QTest::newRow("npy-complex.npy") << QByteArray("no plain numbers");
    QTest::newRow("npy-shape-overflows.npy") << QByteArray("overflows");
    QTest::newRow("npy-negative-extent.npy") << QByteArray("an extent of the array");
    QTest::newRow("npy-cut-short.npy") << QByteArray("byte 159: ends after 31 bytes");
    QTest::newRow("npy-more-than-announced.npy") << QByteArray("byte 161: ends after 33 bytes");
    QTest::newRow("npy-header-length-lies.npy") << QByteArray("byte 8: the header announces 65535 bytes");
    QTest::newRow("npy-header-without-shape.npy") << QByteArray("the header is malformed");
    QTest::newRow("npy-version-nine.npy") << QByteArray("byte 6: version 9");
    QTest::newRow("empty.png") << QByteArray("byte 0: is no .npy file");
}

void NpyTest::refusesBrokenFiles()
{
    QFETCH(QByteArray, says);
    const auto file = brokenFiles / QTest::currentDataTag();
    const auto array = readNpy(file);
    QVERIFY(!array);
    QCOMPARE(array.error().kind, Error::Kind::BadInput);
    QVERIFY2(array.error().text.starts_with(file.string()), array.error().text.c_str());
    QVERIFY2(array.error().text.find(says.toStdString()) != std::string::npos, array.error().text.c_str());
}

void NpyTest::refusesMoreThanTheLimit()
{
    QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "a.npy";
    const std::vector<std::uint8_t> bytes(1000);
    const std::array<std::int64_t, 1> shape{1000};
    writeBytes(file, npyBytes(std::span<const std::uint8_t>(bytes), shape));
    QVERIFY(readNpy(file, 2000).has_value());
    QCOMPARE(readNpy(file, 999).error().kind, Error::Kind::OutOfMemory);
    QCOMPARE(readNpy(file.parent_path() / "absent.npy").error().kind, Error::Kind::NotFound);
}

void NpyTest::survivesCutsAndFlips()
{
    const std::array<float, 3> floats{1, 2, 3};
    const std::array<std::int64_t, 1> shape{3};
    const auto good = npyBytes(std::span<const float>(floats), shape);
    for (std::size_t length = 0; length < good.size(); ++length)
        QVERIFY(!parseNpy(std::span(good).first(length), "a.npy"));
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            auto flipped = good;
            flipped[at] ^= static_cast<std::byte>(1 << bit);
            const auto array = parseNpy(flipped, "a.npy");
            QVERIFY(!array || array->count() * array->itemSize == std::int64_t(array->bytes.size()));
            if (array)
                valuesOf(*array);
        }
    }
}

QTEST_APPLESS_MAIN(NpyTest)
#include "tst_npy.moc"
