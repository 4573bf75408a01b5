// SPDX-License-Identifier: GPL-3.0-or-later
// Margins joined over trainings: what already looks wrong is judged by models that were not taught it.
#include "model/further_trainings.h"
#include "small_problems.h"

#include <QTest>
#include <algorithm>

using namespace culprit;
using namespace culprit::model;

namespace {

constexpr data::ImageShape shape{1, 8, 8};
constexpr std::int32_t classes = 3;
const TrainOptions recipe{.epochs = 30, .learningRate = 0.005, .batchSize = 10, .seed = 4};

const ModelInput input{shape, classes, {}};

/// Every tenth label is wrong.
data::ImageSet withWrongLabels()
{
    auto images = noisySet(90, classes, shape, 1);
    for (std::size_t i = 0; i < images.labels.size(); i += 10)
        images.labels[i] = (images.labels[i] + 1) % classes;
    return images;
}

} // namespace

class FurtherTrainingsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useOneThread(); }

    void withoutAnyTheMarginsStay()
    {
        const std::vector<float> first{-1.5F, 0.0F, 2.0F, 7.0F};
        const auto joined =
            need(joinedMargins(input, "cpu", noisySet(4, classes, shape, 1), recipe, first, 0, {}));
        for (std::size_t i = 0; i < first.size(); ++i)
            QVERIFY(std::abs(joined[i] - first[i]) < 1e-5F);
    }

    void whatLooksWrongIsNotLearnedByHeart()
    {
        const auto images = withWrongLabels();
        Classifier classifier = need(Classifier::build(Architecture::PaperCnn, input, 1, "cpu"));
        TrainOptions long_ = recipe;
        long_.epochs = 60;
        long_.augmentation = Augmentation::Shift;
        need(train(classifier, images, long_, {}));
        const auto byHeart = need(labelMargins(classifier, images, {}, {}));
        std::vector<float> first(images.labels.size(), 1.0F);
        for (std::size_t i = 0; i < first.size(); i += 10)
            first[i] = 0.1F;
        for (const std::size_t right : {5, 25, 45, 65})
            first[right] = 0.0F; // the further ones have to say that these look better
        const auto joined = need(joinedMargins(input, "cpu", images, long_, first, 2, {}));
        QVERIFY(joined == need(joinedMargins(input, "cpu", images, long_, first, 2, {})));
        int learned = 0;
        int wrong = 0;
        for (std::size_t i = 0; i < first.size(); i += 10) {
            learned += byHeart[i] > 0.0F;
            wrong += joined[i] < 1.0F;
        }
        for (const std::size_t right : {5, 25, 45, 65})
            QVERIFY2(joined[right] > 0.0F, qPrintable(QString::number(joined[right])));
        QVERIFY2(wrong >= 8, qPrintable(QString::number(wrong))); // of nine
        auto values = joined;
        std::sort(values.begin(), values.end());
        std::sort(first.begin(), first.end());
        QVERIFY(values == first);
        QVERIFY2(learned >= 7, qPrintable(QString::number(learned))); // of nine
    }

    void noClassIsLost()
    {
        // Nine images of the first class among 90: the lowest fifteen in a hundred would be all of them.
        auto all = noisySet(240, classes, shape, 2);
        std::vector<std::int64_t> rows;
        for (std::int64_t row = 0, ofFirst = 0; row < all.size() && rows.size() < 90; ++row)
            if (all.labels[std::size_t(row)] != 0 || ofFirst++ < 9)
                rows.push_back(row);
        const auto images = data::select(all, rows);
        std::vector<float> first(images.labels.size(), 1.0F);
        for (std::size_t i = 0; i < first.size(); ++i)
            first[i] = images.labels[i] == 0 ? -0.1F : float(i) / 9.0F;
        const auto joined = need(joinedMargins(input, "cpu", images, recipe, first, 1, {}));
        int found = 0;
        for (std::size_t i = 0; i < first.size(); ++i)
            found += images.labels[i] == 0 && joined[i] > -0.1F;
        QVERIFY2(found >= 5, qPrintable(QString::number(found)));
    }

    void saysWhichOneGoesOn()
    {
        const auto images = noisySet(20, classes, shape, 3);
        std::vector<std::string> phases;
        const Monitor monitor{.stop = {}, .progress = [&](const Progress& progress) {
                                  if (phases.empty() || phases.back() != progress.phase)
                                      phases.emplace_back(progress.phase);
                              }};
        const std::vector<float> first(20, 0.5F);
        need(joinedMargins(input, "cpu", images, {.epochs = 1, .batchSize = 10}, first, 2, monitor));
        QVERIFY((phases == std::vector<std::string>{"training again, 1 of 2", "training again, 2 of 2"}));
    }

    void stopsWhenAsked()
    {
        std::stop_source source;
        const Monitor monitor{.stop = source.get_token(),
                              .progress = [&](const Progress&) { source.request_stop(); }};
        const std::vector<float> first(20, 0.5F);
        const auto joined =
            joinedMargins(input, "cpu", noisySet(20, classes, shape, 3), recipe, first, 2, monitor);
        QVERIFY(!joined);
        QCOMPARE(joined.error().kind, Error::Kind::Cancelled);
    }

    void marginsOfOtherImagesAreRefused()
    {
        const std::vector<float> first(19, 0.5F);
        const auto joined =
            joinedMargins(input, "cpu", noisySet(20, classes, shape, 3), recipe, first, 1, {});
        QVERIFY(!joined);
        QCOMPARE(joined.error().kind, Error::Kind::BadInput);
    }
};

QTEST_GUILESS_MAIN(FurtherTrainingsTest)
#include "tst_further_trainings.moc"
