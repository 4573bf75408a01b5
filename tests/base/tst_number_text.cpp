// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/number_text.h"
#include "base/random.h"

#include <QTest>
#include <charconv>
#include <limits>

using namespace culprit;

namespace {

template <typename Number>
Number readBack(const std::string& text)
{
    Number number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace

class NumberTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fewDigitsWhereFewDo()
    {
        QCOMPARE(shortestText(0.5), std::string("0.5"));
        QCOMPARE(shortestText(0.1F), std::string("0.1")); // as a double it would need seventeen
        QCOMPARE(shortestText(-1e300), std::string("-1e+300"));
        QCOMPARE(shortestText(3.0), std::string("3"));
    }

    void nothingIsLost()
    {
        Random random(1);
        for (int i = 0; i < 1000; ++i) {
            const double value = (random.uniform() - 0.5) * 1e9;
            QCOMPARE(readBack<double>(shortestText(value)), value);
            const auto narrow = static_cast<float>(value);
            QCOMPARE(readBack<float>(shortestText(narrow)), narrow);
        }
        for (const double value :
             {std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::lowest()})
            QCOMPARE(readBack<double>(shortestText(value)), value);
    }
};

QTEST_APPLESS_MAIN(NumberTextTest)
#include "tst_number_text.moc"
