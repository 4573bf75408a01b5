// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/investigation.h"
#include "engine/reviewed_causes.h"

#include <QTest>

using namespace culprit;
using namespace culprit::engine;

namespace {

using Flags = std::vector<std::uint8_t>;
using Labels = std::vector<std::int32_t>;

/// Six images, the first four of them found.
CauseSelection found()
{
    return {{1, 1, 1, 1, 0, 0}, {5, 5, 5, 5, 5, 5}};
}

data::DataSet sixImages()
{
    data::DataSet data{.classNames = {"a", "b", "c", "d", "e", "f"}};
    data.train.labels = {0, 0, 0, 0, 0, 0};
    data.train.sourceIndex = {0, 1, 2, 3, 4, 5};
    return data;
}

review::Reading decisions()
{
    using review::Verdict;
    const auto image = [](std::int64_t index) { return data::ImageId{data::Part::Train, index}; };
    review::Reading reading;
    reading.decisions = {{image(0), {Verdict::Keep, -1, ""}},
                         {image(1), {Verdict::Relabel, 2, ""}},
                         {image(2), {Verdict::Flag, -1, ""}},
                         {image(4), {Verdict::Exclude, -1, ""}},
                         {image(5), {Verdict::Relabel, 3, ""}}};
    return reading;
}

} // namespace

class ReviewedCausesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decisionsComeFirst();
    void withoutDecisionsNothingChanges();
    void correctedLabelsNameEveryImage();
};

void ReviewedCausesTest::decisionsComeFirst()
{
    const auto data = sixImages();
    const auto causes = reviewed(found(), *review::overlayOf(data.train, 6, decisions()));
    QCOMPARE(causes.selected, (Flags{0, 1, 0, 1, 1, 1}));
    QCOMPARE(causes.suggested, (Labels{5, 2, 5, 5, 5, 3}));
    QCOMPARE(causes.corrected, (Flags{0, 1, 0, 0, 0, 1}));
    QCOMPARE(causes.excluded, (Flags{0, 0, 0, 0, 1, 0}));
}

void ReviewedCausesTest::withoutDecisionsNothingChanges()
{
    const auto data = sixImages();
    const auto causes = reviewed(found(), *review::overlayOf(data.train, 6, {}));
    QCOMPARE(causes.selected, found().selected);
    QCOMPARE(causes.suggested, found().suggested);
}

void ReviewedCausesTest::correctedLabelsNameEveryImage()
{
    const auto data = sixImages();
    const auto causes = reviewed(found(), *review::overlayOf(data.train, 6, decisions()));
    QCOMPARE(correctedLabelsCsv(data, causes),
             std::string("index,file,label,excluded\n0,,a,0\n1,,c,0\n2,,a,0\n3,,f,0\n4,,a,1\n5,,d,0\n"));
}

QTEST_APPLESS_MAIN(ReviewedCausesTest)
#include "tst_reviewed_causes.moc"
