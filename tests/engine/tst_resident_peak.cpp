// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/resident_peak.h"

#include <QTest>
#include <cstring>
#include <vector>

using culprit::engine::residentMb;
using culprit::engine::ResidentPeak;

class ResidentPeakTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void seesWhatIsTakenAndGivenBack();
};

void ResidentPeakTest::seesWhatIsTakenAndGivenBack()
{
    const double before = residentMb();
    QVERIFY(before > 1.0);
    ResidentPeak peak;
    {
        std::vector<char> much(200'000'000, 1);
        QTRY_VERIFY(peak.megabytes() > before + 190.0);
    }
    QVERIFY2(residentMb() < before + 50.0, "the memory was not given back: the test says nothing");
    QVERIFY(peak.megabytes() > before + 190.0);
    QVERIFY2(ResidentPeak().megabytes() < before + 50.0, "a new stretch starts anew");
}

QTEST_APPLESS_MAIN(ResidentPeakTest)
#include "tst_resident_peak.moc"
