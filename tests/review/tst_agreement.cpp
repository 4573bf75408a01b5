// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/agreement.h"
#include "review_samples.h"

#include <QTest>
#include <cmath>

using namespace culprit::review;
using namespace culprit::review::samples;

namespace {

/// "kkx1": the decisions on images 0, 1, 2, 3; a digit relabels, a point is undecided.
Reading read(const QByteArray& letters)
{
    Reading reading;
    for (qsizetype i = 0; i < letters.size(); ++i) {
        const char letter = letters[i];
        if (letter == 'k')
            reading.decisions[image(i)] = keep();
        if (letter == 'x')
            reading.decisions[image(i)] = exclude();
        if (letter == 'f')
            reading.decisions[image(i)] = flag();
        if (letter >= '0' && letter <= '9')
            reading.decisions[image(i)] = relabel(letter - '0');
    }
    return reading;
}

} // namespace

class AgreementTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void kappa_data();
    void kappa();
    void cohensOwnExample();
    void notesDoNotMatter();
};

void AgreementTest::kappa_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    QTest::addColumn<int>("images");
    QTest::addColumn<double>("kappa"); // NaN: none

    QTest::newRow("all alike") << QByteArray("kkxx") << QByteArray("kkxx") << 4 << 1.0;
    QTest::newRow("as by chance") << QByteArray("kkxx") << QByteArray("kxkx") << 4 << 0.0;
    QTest::newRow("always the other") << QByteArray("kx") << QByteArray("xk") << 2 << -1.0;
    // observed 3/4, expected (3·2 + 1·2)/16 = 1/2
    QTest::newRow("one in four differs") << QByteArray("kkkx") << QByteArray("kkxx") << 4 << 0.5;
    QTest::newRow("another class is another answer") << QByteArray("12") << QByteArray("11") << 2 << 0.0;
    QTest::newRow("only what both decided") << QByteArray("kx.f") << QByteArray("kxk.") << 2 << 1.0;
    QTest::newRow("nothing in common") << QByteArray("k.") << QByteArray(".k") << 0 << std::nan("");
    QTest::newRow("one answer to everything") << QByteArray("kk") << QByteArray("kk") << 2 << std::nan("");
}

void AgreementTest::kappa()
{
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    QFETCH(int, images);
    QFETCH(double, kappa);
    const auto forth = agreementOf(read(first), read(second));
    const auto back = agreementOf(read(second), read(first));
    QCOMPARE(forth.images, images);
    if (std::isnan(kappa)) {
        QVERIFY(std::isnan(forth.kappa));
        return;
    }
    QCOMPARE(forth.kappa + 2.0, kappa + 2.0);
    QCOMPARE(back.kappa + 2.0, kappa + 2.0);
}

/// 20 both keep, 15 both exclude, 5 keep/exclude, 10 exclude/keep: κ = (0.7 − 0.5)/(1 − 0.5).
void AgreementTest::cohensOwnExample()
{
    const auto first =
        read(QByteArray(20, 'k') + QByteArray(15, 'x') + QByteArray(5, 'k') + QByteArray(10, 'x'));
    const auto second =
        read(QByteArray(20, 'k') + QByteArray(15, 'x') + QByteArray(5, 'x') + QByteArray(10, 'k'));
    const auto agreement = agreementOf(first, second);
    QCOMPARE(agreement.images, 50);
    QCOMPARE(agreement.agreed, 35);
    QCOMPARE(agreement.expected, 0.5);
    QCOMPARE(agreement.kappa, 0.4);
}

void AgreementTest::notesDoNotMatter()
{
    Reading first = read("kx");
    first.decisions[image(0)].note = "clear";
    QCOMPARE(agreementOf(first, read("kx")).kappa, 1.0);
}

QTEST_APPLESS_MAIN(AgreementTest)
#include "tst_agreement.moc"
