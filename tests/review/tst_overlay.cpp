// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/overlay.h"
#include "review_samples.h"

#include <QTest>

using namespace culprit;
using namespace culprit::review;
using namespace culprit::review::samples;

namespace {

data::ImageSet fiveImages()
{
    data::ImageSet set;
    set.labels = {0, 1, 2, 0, 1};
    set.sourceIndex = {2, 4, 6, 8, 10};
    return set;
}

using Flags = std::vector<std::uint8_t>;

} // namespace

class OverlayTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachVerdictHasItsEffect();
    void relabellingToTheGivenClassIsKeeping();
    void ignoresWhatIsNotLoaded();
    void refusesAnUnknownClass();
};

void OverlayTest::eachVerdictHasItsEffect()
{
    Reading reading;
    reading.decisions = {
        {image(2), keep()}, {image(4), relabel(2)}, {image(6), exclude()}, {image(8), flag()}};
    const auto overlay = overlayOf(fiveImages(), 3, reading);
    QVERIFY(overlay);
    QCOMPARE(overlay->labels, (std::vector<std::int32_t>{0, 2, 2, 0, 1}));
    QCOMPARE(overlay->relabelled, (Flags{0, 1, 0, 0, 0}));
    QCOMPARE(overlay->excluded, (Flags{0, 0, 1, 0, 0}));
    QCOMPARE(overlay->acquitted, (Flags{1, 0, 0, 1, 0}));
}

void OverlayTest::relabellingToTheGivenClassIsKeeping()
{
    Reading reading;
    reading.decisions = {{image(4), relabel(1)}};
    const auto overlay = overlayOf(fiveImages(), 3, reading);
    QVERIFY(overlay);
    QCOMPARE(overlay->relabelled, (Flags{0, 0, 0, 0, 0}));
    QCOMPARE(overlay->acquitted, (Flags{0, 1, 0, 0, 0}));
}

void OverlayTest::ignoresWhatIsNotLoaded()
{
    Reading reading;
    reading.decisions = {{image(3), exclude()}, {{data::Part::Test, 4}, exclude()}};
    const auto overlay = overlayOf(fiveImages(), 3, reading);
    QVERIFY(overlay);
    QCOMPARE(overlay->excluded, (Flags{0, 0, 0, 0, 0}));
}

void OverlayTest::refusesAnUnknownClass()
{
    Reading reading;
    reading.decisions = {{image(4), relabel(3)}};
    const auto overlay = overlayOf(fiveImages(), 3, reading);
    QVERIFY(!overlay);
    QVERIFY(overlay.error().text.find("image 4") != std::string::npos);
}

QTEST_APPLESS_MAIN(OverlayTest)
#include "tst_overlay.moc"
