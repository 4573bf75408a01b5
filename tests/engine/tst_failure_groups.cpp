// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"
#include "engine/failure_groups.h"

#include <QTest>
#include <algorithm>
#include <numeric>

using namespace culprit;
using namespace culprit::engine;

namespace {

constexpr std::int64_t classes = 5;
constexpr std::int64_t dimension = 24;

/// Images of one kind: labelled `label`, taken for `answer`, features around one point.
void addKind(LastLayer& layer, std::int64_t count, std::int32_t label, std::int32_t answer,
             std::int64_t where, Random& random)
{
    for (std::int64_t i = 0; i < count; ++i) {
        layer.labels.push_back(label);
        for (std::int32_t k = 0; k < classes; ++k)
            layer.probabilities.push_back(k == answer ? 0.9F : 0.1F / float(classes - 1));
        for (std::int64_t d = 0; d < dimension; ++d)
            layer.features.push_back(float((d / 4 == where ? 4.0 : 0.0) + 0.4 * random.normal()));
    }
}

LastLayer empty()
{
    return {.dimension = dimension, .classes = classes};
}

std::vector<std::int64_t> allOf(const LastLayer& layer)
{
    std::vector<std::int64_t> rows(std::size_t(layer.size()));
    std::iota(rows.begin(), rows.end(), 0);
    return rows;
}

/// The share of images whose group is the one that most of their kind have, kinds being `sizes` in a row.
double purity(const std::vector<std::int32_t>& groups, const std::vector<std::int64_t>& sizes)
{
    std::int64_t right = 0;
    auto first = groups.begin();
    for (const auto size : sizes) {
        std::int64_t most = 0;
        for (auto it = first; it != first + size; ++it)
            most = std::max<std::int64_t>(most, *it < 0 ? 0 : std::count(first, first + size, *it));
        right += most;
        first += size;
    }
    return double(right) / double(groups.size());
}

} // namespace

class TestFailureGroups : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsWhatFailsAlike_data()
    {
        QTest::addColumn<int>("times");
        QTest::newRow("few") << 1;
        QTest::newRow("more than are grouped at once") << 40;
    }

    void findsWhatFailsAlike()
    {
        QFETCH(int, times);
        Random random(3);
        LastLayer layer = empty();
        const std::vector<std::int64_t> sizes{12 * times, 30 * times, 20 * times};
        addKind(layer, sizes[0], 1, 2, 0, random);
        addKind(layer, sizes[1], 3, 4, 1, random);
        addKind(layer, sizes[2], 1, 2, 3, random); // the same confusion, another look
        const auto found = groupFailures(layer, allOf(layer));
        QCOMPARE(found.count, 3);
        QVERIFY(purity(found.groups, sizes) > 0.99);
        QCOMPARE(found.groups[std::size_t(sizes[0])], 0); // the largest
        QCOMPARE(found.groups.back(), 1);
        QCOMPARE(found.groups.front(), 2);
        QCOMPARE(groupFailures(layer, allOf(layer)).groups, found.groups);
    }

    void looksAtTheFailuresAlone()
    {
        Random random(4);
        LastLayer layer = empty();
        addKind(layer, 20, 0, 1, 0, random);
        addKind(layer, 200, 4, 4, 2, random); // right
        addKind(layer, 10, 2, 3, 1, random);
        std::vector<std::int64_t> failures(20);
        std::iota(failures.begin(), failures.end(), 0);
        for (std::int64_t row = 220; row < 230; ++row)
            failures.push_back(row);
        const auto found = groupFailures(layer, failures);
        QCOMPARE(found.count, 2);
        QCOMPARE(found.groups.size(), failures.size());
        QCOMPARE(purity(found.groups, {20, 10}), 1.0);
    }

    void whatIsAlikeToNoneIsInNoGroup()
    {
        Random random(5);
        LastLayer layer = empty();
        addKind(layer, 30, 0, 1, 0, random);
        addKind(layer, 30, 2, 3, 1, random);
        addKind(layer, 2, 4, 0, 5, random);
        const auto found = groupFailures(layer, allOf(layer));
        QCOMPARE(found.count, 2);
        QCOMPARE(found.groups.back(), -1);
    }

    void oneKindIsOneGroup()
    {
        Random random(6);
        LastLayer layer = empty();
        addKind(layer, 40, 0, 1, 0, random);
        const auto found = groupFailures(layer, allOf(layer));
        QCOMPARE(found.count, 1);
        QCOMPARE(std::count(found.groups.begin(), found.groups.end(), 0), 40);
    }

    void takesVeryFew()
    {
        Random random(7);
        LastLayer layer = empty();
        addKind(layer, 2, 0, 1, 0, random);
        QCOMPARE(groupFailures(layer, {}).count, 0);
        const std::vector<std::int64_t> one{1};
        QCOMPARE(groupFailures(layer, one).groups, std::vector<std::int32_t>{0});
        QCOMPARE(groupFailures(layer, allOf(layer)).count, 1);
    }
};

QTEST_GUILESS_MAIN(TestFailureGroups)
#include "tst_failure_groups.moc"
