// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/labels.h"

#include "data/io/npy.h"
#include "data/io/write_data_set.h"
#include "tiny_sets.h"

#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <limits>

using namespace culprit;
using namespace culprit::data;

namespace fs = std::filesystem;

namespace {

using Labels = std::vector<std::int32_t>;
using Flags = std::vector<std::uint8_t>;

const std::vector<std::string> animals{"cat", "dog", "Igel, klein"};
constexpr std::int64_t sourceSize = 6;

/// Images 0, 2, 3 and 5 of six, labelled 0, 1, 2, 0.
ImageSet subset()
{
    auto set = tinyPart(Part::Train, {1, 1, 1}, 4, 3);
    set.sourceIndex = {0, 2, 3, 5};
    return set;
}

template <typename T>
std::vector<std::byte> arrayOf(const std::vector<T>& values)
{
    const std::array<std::int64_t, 1> shape{static_cast<std::int64_t>(values.size())};
    return npyBytes(std::span<const T>(values), shape);
}

/// Booleans lie in a file as bytes do; only the word for the type differs.
std::vector<std::byte> maskOf(const std::vector<std::uint8_t>& values)
{
    auto bytes = arrayOf(values);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    bytes[text.find("u1")] = std::byte{'b'};
    return bytes;
}

} // namespace

class LabelsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

    void classesAreCalledByNameOrNumber();
    void partsAreCalledAsInFiles();

    void overlaysTables_data();
    void overlaysTables();
    void overlaysArrays();
    void refusesWrongLabels_data();
    void refusesWrongLabels();
    void refusesWrongArrays();
    void aRefusedFileChangesNothing();
    void namesWinOverNumbers();

    void readsTruth_data();
    void readsTruth();
    void readsTruthArrays();
    void readsTruthAsItIsWritten();
    void refusesWrongTruth_data();
    void refusesWrongTruth();

    void readsMargins();
    void refusesWrongMargins();

    void readsIndices();
    void refusesAGroupThatIsNotThere();
    void refusesWrongIndices_data();
    void refusesWrongIndices();

private:
    void write(std::string_view text) { writeText(m_file, text); }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_file;
};

void LabelsTest::classesAreCalledByNameOrNumber()
{
    const std::vector<std::string> names{"cat", "2", "dog"};
    QCOMPARE(classCalled("cat", names), std::optional(0));
    QCOMPARE(classCalled("2", names), std::optional(1)); // a name wins over a number
    QCOMPARE(classCalled(" 1 ", names), std::optional(1));
    for (const char* none : {"", "3", "-1", "Cat", "1.0", "0x1"})
        QVERIFY2(!classCalled(none, names), none);
}

void LabelsTest::partsAreCalledAsInFiles()
{
    for (const auto part : {Part::Train, Part::Validation, Part::Test})
        QCOMPARE(partNamed(nameOf(part)), std::optional(part));
    for (const char* none : {"", "Train", "validation", "?"})
        QVERIFY2(!partNamed(none), none);
}

void LabelsTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = fs::path(m_folder->path().toStdString()) / "file";
}

void LabelsTest::overlaysTables_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Labels>("labels");

    QTest::newRow("a number a line, of all images") << QByteArray("2\n0\n1\n1\n0\n2\n") << Labels{2, 1, 1, 2};
    QTest::newRow("a number a line, of the images in use") << QByteArray("2\n1\n0\n1") << Labels{2, 1, 0, 1};
    QTest::newRow("windows line ends and spaces")
        << QByteArray(" 2 \r\n1\r\n0\r\n1\r\n") << Labels{2, 1, 0, 1};
    QTest::newRow("names a line") << QByteArray("dog\ncat\n\"Igel, klein\"\ndog\n") << Labels{1, 0, 2, 1};
    QTest::newRow("a label column") << QByteArray("file,label\na,dog\nb,0\nc,2\nd,dog\n")
                                    << Labels{1, 0, 2, 1};
    QTest::newRow("a label column alone") << QByteArray("label\n2\n0\n1\n1\n0\n2\n") << Labels{2, 1, 1, 2};
    QTest::newRow("some images by index") << QByteArray("label,index\ndog,5\ncat,2\n") << Labels{0, 0, 2, 1};
    QTest::newRow("images not in use are passed over")
        << QByteArray("index,label\n1,dog\n4,cat\n0,dog\n") << Labels{1, 1, 2, 0};
    QTest::newRow("none at all") << QByteArray("index,label\n") << Labels{0, 1, 2, 0};
}

void LabelsTest::overlaysTables()
{
    QFETCH(QByteArray, text);
    QFETCH(Labels, labels);
    write(text.toStdString());
    auto set = subset();
    const auto laid = overlayLabels(set, sourceSize, animals, m_file);
    QVERIFY2(laid.has_value(), laid ? "" : laid.error().text.c_str());
    QCOMPARE(set.labels, labels);
}

void LabelsTest::overlaysArrays()
{
    auto set = subset();
    writeBytes(m_file, arrayOf<std::int64_t>({2, 0, 1, 1, 0, 2}));
    QVERIFY(overlayLabels(set, sourceSize, animals, m_file).has_value());
    QCOMPARE(set.labels, (Labels{2, 1, 1, 2}));

    writeBytes(m_file, arrayOf<std::uint8_t>({0, 1, 2, 0}));
    QVERIFY(overlayLabels(set, sourceSize, animals, m_file).has_value());
    QCOMPARE(set.labels, (Labels{0, 1, 2, 0}));

    const std::array<float, 4> floats{1, 1, 0, 2};
    const std::array<std::int64_t, 2> column{4, 1};
    writeBytes(m_file, npyBytes(std::span<const float>(floats), column));
    QVERIFY(overlayLabels(set, sourceSize, animals, m_file).has_value());
    QCOMPARE(set.labels, (Labels{1, 1, 0, 2}));
}

void LabelsTest::refusesWrongLabels_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("says");

    QTest::newRow("number beyond the classes")
        << QByteArray("0\n1\n3\n0\n") << QByteArray(", line 3: \"3\" is no class");
    QTest::newRow("below zero, first line")
        << QByteArray("-1\n1\n2\n0\n") << QByteArray(", line 1: \"-1\" is no class");
    QTest::newRow("unknown name") << QByteArray("index,label\n0,dog\n2,bird\n")
                                  << QByteArray(", line 3: \"bird\" is no class");
    QTest::newRow("too few") << QByteArray("0\n1\n2\n")
                             << QByteArray(": holds 3 values; one for each of the 4");
    QTest::newRow("index beyond the set")
        << QByteArray("index,label\n6,dog\n")
        << QByteArray(", line 2: the index \"6\" is none of the set's, 0 to 5");
    QTest::newRow("index no number") << QByteArray("index,label\nx,dog\n")
                                     << QByteArray(", line 2: the index \"x\"");
    QTest::newRow("index twice") << QByteArray("index,label\n2,dog\n2,cat\n")
                                 << QByteArray(", line 3: the image 2 is there twice");
    QTest::newRow("no label column") << QByteArray("index,class\n2,dog\n")
                                     << QByteArray(", line 1: has no column label");
    QTest::newRow("empty") << QByteArray() << QByteArray(": holds no row");
}

void LabelsTest::refusesWrongLabels()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, says);
    write(text.toStdString());
    auto set = subset();
    const auto laid = overlayLabels(set, sourceSize, animals, m_file);
    QVERIFY(!laid);
    QCOMPARE(laid.error().kind, Error::Kind::BadInput);
    QVERIFY2(laid.error().text.starts_with(m_file.string() + says.toStdString()), laid.error().text.c_str());
}

void LabelsTest::refusesWrongArrays()
{
    auto set = subset();
    const auto refused = [&](const std::vector<std::byte>& bytes, const std::string& says) {
        writeBytes(m_file, bytes);
        const auto laid = overlayLabels(set, sourceSize, animals, m_file);
        QVERIFY(!laid);
        QCOMPARE(laid.error().kind, Error::Kind::BadInput);
        QVERIFY2(laid.error().text.find(says) != std::string::npos, laid.error().text.c_str());
    };
    refused(arrayOf<std::int64_t>({0, 1, -1, 0}), "element 2: the value is no class");
    refused(arrayOf<std::int64_t>({0, 1, 3, 0}), "element 2: the value is no class");
    refused(arrayOf<float>({0, 1, 0.5F, 0}), "element 2: the value is no class");
    refused(arrayOf<float>({0, 1, 2, std::numeric_limits<float>::quiet_NaN()}),
            "element 3: the value is no class");
    refused(arrayOf<std::int64_t>({0, 1, 2, 0, 1}), "holds 5 values");
    refused(bytesOf(brokenFiles / "npy-object-array.npy"), "Python objects");
    const std::array<std::int64_t, 2> shape{2, 2};
    const std::array<std::uint8_t, 4> values{0, 1, 2, 0};
    refused(npyBytes(std::span<const std::uint8_t>(values), shape), "has 2 dimensions");
    QCOMPARE(overlayLabels(set, sourceSize, animals, m_file.parent_path() / "absent").error().kind,
             Error::Kind::NotFound);
}

void LabelsTest::aRefusedFileChangesNothing()
{
    auto set = subset();
    write("1\n1\n1\n9\n");
    QVERIFY(!overlayLabels(set, sourceSize, animals, m_file));
    QCOMPARE(set.labels, subset().labels);
}

void LabelsTest::namesWinOverNumbers()
{
    auto set = subset();
    write("2\n1\n0\n2\n");
    QVERIFY(overlayLabels(set, sourceSize, {"1", "2", "x"}, m_file).has_value());
    QCOMPARE(set.labels, (Labels{1, 0, 0, 1}));
}

void LabelsTest::readsTruth_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Flags>("truth");

    QTest::newRow("faults as they are written")
        << QByteArray("index,kind,label,true_label\n2,label,dog,cat\n3,blur,cat,cat\n4,pair,dog,cat\n")
        << Flags{0, 1, 1, 0};
    QTest::newRow("indices alone") << QByteArray("index\n5\n1\n") << Flags{0, 0, 0, 1};
    QTest::newRow("no fault") << QByteArray("index,kind,label,true_label\n") << Flags{0, 0, 0, 0};
    QTest::newRow("a mask") << QByteArray("wrong,index\n1,0\n0,2\n1,4\n1,5\n") << Flags{1, 0, 0, 1};
    QTest::newRow("true labels of all images") << QByteArray("0\n2\n0\n2\n1\n1\n") << Flags{0, 1, 0, 1};
    QTest::newRow("true labels of the images in use")
        << QByteArray("label\ncat\ncat\n2\ncat\n") << Flags{0, 1, 0, 0};
    QTest::newRow("true labels by index")
        << QByteArray("index,file,label\n2,x,cat\n3,y,2\n") << Flags{0, 1, 0, 0};
}

void LabelsTest::readsTruth()
{
    QFETCH(QByteArray, text);
    QFETCH(Flags, truth);
    write(text.toStdString());
    const auto read = readTruth(subset(), sourceSize, animals, m_file);
    QVERIFY2(read.has_value(), read ? "" : read.error().text.c_str());
    QCOMPARE(*read, truth);
}

void LabelsTest::readsTruthArrays()
{
    writeBytes(m_file, maskOf({1, 0, 0, 1, 0, 1}));
    QCOMPARE(*readTruth(subset(), sourceSize, animals, m_file), (Flags{1, 0, 1, 1}));
    writeBytes(m_file, maskOf({0, 1, 1, 0}));
    QCOMPARE(*readTruth(subset(), sourceSize, animals, m_file), (Flags{0, 1, 1, 0}));
    writeBytes(m_file, arrayOf<std::int64_t>({0, 0, 2, 1}));
    QCOMPARE(*readTruth(subset(), sourceSize, animals, m_file), (Flags{0, 1, 0, 1}));
}

void LabelsTest::readsTruthAsItIsWritten()
{
    const std::vector<Fault> faults{{.index = 2, .kind = FaultKind::Pair, .label = 1, .trueLabel = 2},
                                    {.index = 5, .kind = FaultKind::Occlusion, .label = 0, .trueLabel = 0}};
    QVERIFY(writeTruth(faults, animals, m_file).has_value());
    const auto bytes = bytesOf(m_file);
    QCOMPARE(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
             std::string("index,kind,label,true_label\n2,pair,dog,\"Igel, klein\"\n5,occlusion,cat,cat\n"));
    QCOMPARE(*readTruth(subset(), sourceSize, animals, m_file), (Flags{0, 1, 0, 1}));
}

void LabelsTest::refusesWrongTruth_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("says");

    QTest::newRow("mask of other words")
        << QByteArray("index,wrong\n0,yes\n") << QByteArray(", line 2: wrong is \"yes\"");
    QTest::newRow("index beyond") << QByteArray("index\n0\n99\n") << QByteArray(", line 3: the index \"99\"");
    QTest::newRow("too few labels") << QByteArray("0\n1\n") << QByteArray(": holds 2 values");
}

void LabelsTest::refusesWrongTruth()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, says);
    write(text.toStdString());
    const auto read = readTruth(subset(), sourceSize, animals, m_file);
    QVERIFY(!read);
    QCOMPARE(read.error().kind, Error::Kind::BadInput);
    QVERIFY2(read.error().text.starts_with(m_file.string() + says.toStdString()), read.error().text.c_str());
}

void LabelsTest::readsMargins()
{
    writeBytes(m_file, arrayOf<float>({0.5F, -1, 2, 3, 4, -5}));
    QCOMPARE(*readMargins(subset(), sourceSize, m_file), (std::vector<float>{0.5F, 2, 3, -5}));
    writeBytes(m_file, arrayOf<float>({1, 2, 3, 4}));
    QCOMPARE(*readMargins(subset(), sourceSize, m_file), (std::vector<float>{1, 2, 3, 4}));
}

void LabelsTest::refusesWrongMargins()
{
    const auto refused = [&](const std::vector<std::byte>& bytes, const std::string& says) {
        writeBytes(m_file, bytes);
        const auto margins = readMargins(subset(), sourceSize, m_file);
        QVERIFY(!margins);
        QCOMPARE(margins.error().kind, Error::Kind::BadInput);
        QVERIFY2(margins.error().text.find(says) != std::string::npos, margins.error().text.c_str());
    };
    refused(arrayOf<float>({1, 2, std::numeric_limits<float>::infinity(), 4}),
            "element 2: the margin is not finite");
    refused(arrayOf<float>({1, 2, 3}), "holds 3 values");
    refused(arrayOf<std::int64_t>({1, 2, 3, 4}), "must be floating-point");
}

void LabelsTest::readsIndices()
{
    write("rank,index,file\n1,5,a\n2,0,b\n3,5,a\n");
    QCOMPARE(*readIndices(subset(), m_file), (std::vector<std::int64_t>{0, 3}));
    write("index\n");
    QVERIFY(readIndices(subset(), m_file)->empty());
    write("group,index\n1,5\n2,0\n1,3\n");
    QCOMPARE(*readIndices(subset(), m_file, 2), (std::vector<std::int64_t>{0}));
}

void LabelsTest::refusesWrongIndices_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("says");

    QTest::newRow("not in use") << QByteArray("index\n0\n1\n")
                                << QByteArray(", line 3: the index \"1\" is no image");
    QTest::newRow("no number") << QByteArray("index\nzero\n") << QByteArray(", line 2: the index \"zero\"");
    QTest::newRow("no column") << QByteArray("Index\n0\n") << QByteArray(", line 1: has no column index");
}

void LabelsTest::refusesAGroupThatIsNotThere()
{
    const auto refused = [&](const std::string& text, const std::string& says) {
        write(text);
        const auto rows = readIndices(subset(), m_file, 3);
        QVERIFY(!rows);
        QVERIFY2(rows.error().text.find(says) != std::string::npos, rows.error().text.c_str());
    };
    refused("index\n5\n", "has no column group");
    refused("group,index\n1,5\n", "no line has 3 in its column group");
}

void LabelsTest::refusesWrongIndices()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, says);
    write(text.toStdString());
    const auto rows = readIndices(subset(), m_file);
    QVERIFY(!rows);
    QCOMPARE(rows.error().kind, Error::Kind::BadInput);
    QVERIFY2(rows.error().text.starts_with(m_file.string() + says.toStdString()), rows.error().text.c_str());
}

QTEST_APPLESS_MAIN(LabelsTest)
#include "tst_labels.moc"
