// SPDX-License-Identifier: GPL-3.0-or-later
#include "posterior/layer_observer_internal.h"

#include <algorithm>
#include <array>

namespace culprit::posterior {

namespace {

/// Callbacks are plain functions; this is how they find the observer of their thread.
LayerObserver*& currentObserver()
{
    static thread_local LayerObserver* observer = nullptr;
    return observer;
}

struct RunContext : at::ObserverContext {
    std::shared_ptr<LayerRun> run; ///< None for a transposition.
};

const void* storageOf(const at::Tensor& tensor)
{
    return tensor.defined() && tensor.has_storage() ? tensor.storage().unsafeGetStorageImpl() : nullptr;
}

bool isConvolution(std::string_view name)
{
    return name == "aten::convolution" || name == "aten::_convolution";
}

/// Operators that only look at a parameter from the other side: what is done with the view is what counts.
bool isTransposition(std::string_view name)
{
    constexpr std::array names{"aten::t", "aten::transpose", "aten::numpy_T"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool isOne(const c10::IValue& value)
{
    return value.isScalar() && value.toScalar().toDouble() == 1.0;
}

/// PyTorch takes a single number for all directions.
std::vector<std::int64_t> both(std::vector<std::int64_t> values)
{
    if (values.size() == 1)
        values.push_back(values.front());
    return values;
}

} // namespace

std::vector<ParameterPlace> parameterPlaces(const model::Classifier::Impl& impl)
{
    std::vector<ParameterPlace> places;
    for (const auto& [name, parameter] : impl.module.named_parameters()) {
        if (storageOf(parameter) != storageOf(impl.flat.values()))
            continue;
        const auto offset = parameter.storage_offset();
        const bool known = std::any_of(places.begin(), places.end(),
                                       [&](const auto& place) { return place.offset == offset; });
        if (!known && parameter.numel() > 0)
            places.push_back({name, parameter.sizes().vec(), offset, parameter.numel()});
    }
    std::sort(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
    return places;
}

LayerObserver::LayerObserver(const model::Classifier::Impl& impl, const std::vector<ParameterPlace>& places)
    : m_places(places), m_storage(storageOf(impl.flat.values())),
      m_handle(
          at::addThreadLocalCallback(at::RecordFunctionCallback(&LayerObserver::begin, &LayerObserver::end)
                                         .needsInputs(true)
                                         .needsOutputs(true)
                                         .scopes({at::RecordScope::FUNCTION})))
{
    currentObserver() = this;
}

LayerObserver::~LayerObserver()
{
    at::removeCallback(m_handle);
    currentObserver() = nullptr;
}

std::unique_ptr<at::ObserverContext> LayerObserver::begin(const at::RecordFunction& function)
{
    auto* observer = currentObserver();
    if (!observer || observer->m_inside)
        return nullptr;
    // An operator run by the interpreter shows the whole stack, its own inputs last.
    const auto all = function.inputs();
    const auto inputs = all.slice(all.size() - std::min(all.size(), function.num_inputs()));
    const std::string_view name = function.name();
    observer->m_inside = true; // already here: looking at a tensor may run an operator
    auto run = observer->recognised(name, inputs);
    if (!run && !isTransposition(name)) {
        observer->m_inside = false;
        if (name != "aten::conv2d") // it hands the weight on to aten::convolution
            observer->noteUses(name, inputs);
        return nullptr;
    }
    auto context = std::make_unique<RunContext>();
    context->run = std::move(run);
    return context;
}

void LayerObserver::end(const at::RecordFunction& function, at::ObserverContext* context)
{
    auto* observer = currentObserver();
    const auto* ours = dynamic_cast<RunContext*>(context);
    if (!observer || !ours)
        return;
    observer->m_inside = false;
    const auto& outputs = function.outputs();
    if (!ours->run || outputs.empty() || !outputs.back().isTensor() ||
        !outputs.back().toTensor().requires_grad())
        return;
    observer->m_runs.push_back(ours->run);
    // Registered now: a later operator may write over this output, and then the hook still means this one.
    outputs.back().toTensor().register_hook(
        [run = ours->run](const at::Tensor& gradient) { run->outputGradient = gradient.detach(); });
}

std::shared_ptr<LayerRun> LayerObserver::recognised(std::string_view name,
                                                    c10::ArrayRef<const c10::IValue> inputs)
{
    if (name == "aten::linear" && inputs.size() == 3 && inputs[1].isTensor())
        return linear(inputs[0], inputs[1].toTensor(), inputs[2]);
    const bool product = name == "aten::addmm" && inputs.size() == 5 && inputs[2].isTensor();
    if (product && inputs[2].toTensor().dim() == 2 && isOne(inputs[3]) && isOne(inputs[4]))
        return linear(inputs[1], inputs[2].toTensor().detach().t(), inputs[0]);
    if (isConvolution(name) && inputs.size() >= 9)
        return convolution(inputs);
    return nullptr;
}

std::shared_ptr<LayerRun> LayerObserver::linear(const c10::IValue& input, const at::Tensor& weight,
                                                const c10::IValue& bias)
{
    const auto* place = placeOf(weight);
    if (!isWhole(weight, place) || weight.dim() != 2 || !input.isTensor())
        return nullptr;
    auto run = std::make_shared<LayerRun>();
    run->weight = place->offset;
    run->outputs = weight.size(0);
    run->inputs = weight.size(1);
    run->input = input.toTensor().detach();
    return setBias(*run, bias) ? run : nullptr;
}

std::shared_ptr<LayerRun> LayerObserver::convolution(c10::ArrayRef<const c10::IValue> inputs)
{
    if (!inputs[0].isTensor() || !inputs[1].isTensor())
        return nullptr;
    const at::Tensor input = inputs[0].toTensor();
    const at::Tensor weight = inputs[1].toTensor();
    const auto* place = placeOf(weight);
    const bool plain = !inputs[6].toBool() && inputs[8].toInt() == 1; // neither transposed nor in groups
    if (!isWhole(weight, place) || weight.dim() != 4 || input.dim() != 4 || !plain)
        return nullptr;
    auto run = std::make_shared<LayerRun>();
    run->weight = place->offset;
    run->outputs = weight.size(0);
    run->inputs = weight.numel() / weight.size(0);
    run->path = {weight.sizes().slice(2).vec(), both(inputs[3].toIntVector()), both(inputs[4].toIntVector()),
                 both(inputs[5].toIntVector())};
    run->input = input.detach();
    return setBias(*run, inputs[2]) ? run : nullptr;
}

/// False where the bias is a part of a parameter, or of another shape than a layer's.
bool LayerObserver::setBias(LayerRun& run, const c10::IValue& bias) const
{
    if (!bias.isTensor() || storageOf(bias.toTensor()) != m_storage)
        return true;
    const auto* place = placeOf(bias.toTensor());
    if (!isWhole(bias.toTensor(), place) || place->count != run.outputs)
        return false;
    run.bias = place->offset;
    return true;
}

const ParameterPlace* LayerObserver::placeOf(const at::Tensor& tensor) const
{
    if (storageOf(tensor) != m_storage)
        return nullptr;
    const auto offset = tensor.storage_offset();
    const auto after =
        std::upper_bound(m_places.begin(), m_places.end(), offset,
                         [](std::int64_t value, const auto& place) { return value < place.offset; });
    return after == m_places.begin() ? nullptr : &*std::prev(after);
}

/// Not a part of the parameter, and not seen from another side.
bool LayerObserver::isWhole(const at::Tensor& tensor, const ParameterPlace* place) const
{
    return place && tensor.storage_offset() == place->offset && tensor.is_contiguous() &&
           tensor.sizes() == at::IntArrayRef(place->sizes);
}

void LayerObserver::noteUses(std::string_view name, c10::ArrayRef<const c10::IValue> inputs)
{
    const auto note = [&](const at::Tensor& tensor) {
        if (const auto* place = placeOf(tensor))
            m_otherUses.emplace(place->offset, name);
    };
    for (const auto& input : inputs) {
        if (input.isTensor())
            note(input.toTensor());
        else if (input.isTensorList())
            for (const at::Tensor& tensor : input.toTensorVector())
                note(tensor);
    }
}

} // namespace culprit::posterior
