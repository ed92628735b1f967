<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Popup</name>
    <message numerus="yes">
        <source>%n alert(s)</source>
        <translation>
            <numerusform>%n alert</numerusform>
            <numerusform>%n alerts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>While popups were held back: %n group(s) of alerts</source>
        <translation>
            <numerusform>While popups were held back: %n group of alerts</numerusform>
            <numerusform>While popups were held back: %n groups of alerts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n group(s) of alerts are firing</source>
        <translation>
            <numerusform>%n group of alerts is firing</numerusform>
            <numerusform>%n groups of alerts are firing</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n group(s) of alerts: resolved</source>
        <translation>
            <numerusform>%n group of alerts: resolved</numerusform>
            <numerusform>%n groups of alerts: resolved</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Range</name>
    <message numerus="yes">
        <source>Last %n days</source>
        <translation>
            <numerusform>Last day</numerusform>
            <numerusform>Last %n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Last %n hours</source>
        <translation>
            <numerusform>Last hour</numerusform>
            <numerusform>Last %n hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Last %n minutes</source>
        <translation>
            <numerusform>Last minute</numerusform>
            <numerusform>Last %n minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::CollectorsTab</name>
    <message numerus="yes">
        <source>%1, %Ln sample(s), %2</source>
        <translation>
            <numerusform>%1, %Ln sample, %2</numerusform>
            <numerusform>%1, %Ln samples, %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::Edits</name>
    <message numerus="yes">
        <source>%n thing(s) imported</source>
        <translation>
            <numerusform>%n thing imported</numerusform>
            <numerusform>%n things imported</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::ExplorePage</name>
    <message numerus="yes">
        <source>%n series</source>
        <translation>
            <numerusform>%n series</numerusform>
            <numerusform>%n series</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 sample(s) read</source>
        <translation>
            <numerusform>%1 sample read</numerusform>
            <numerusform>%1 samples read</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::ImportDialog</name>
    <message numerus="yes">
        <source>Import %n thing(s)</source>
        <translation>
            <numerusform>Import %n thing</numerusform>
            <numerusform>Import %n things</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::ImportPlan</name>
    <message numerus="yes">
        <source>%n target(s)</source>
        <translation>
            <numerusform>%n target</numerusform>
            <numerusform>%n targets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n relabelling rule(s)</source>
        <translation>
            <numerusform>%n relabelling rule</numerusform>
            <numerusform>%n relabelling rules</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rule(s)</source>
        <translation>
            <numerusform>%n rule</numerusform>
            <numerusform>%n rules</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n webhook(s)</source>
        <translation>
            <numerusform>%n webhook</numerusform>
            <numerusform>%n webhooks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n way(s) of telling</source>
        <translation>
            <numerusform>%n way of telling</numerusform>
            <numerusform>%n ways of telling</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::InhibitionDialog</name>
    <message numerus="yes">
        <source>Would mute %1 of %Ln alert(s) now</source>
        <translation>
            <numerusform>Would mute %1 of %Ln alert now</numerusform>
            <numerusform>Would mute %1 of %Ln alerts now</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln alert(s) that would mute others fire, and none that would be muted.</source>
        <translation>
            <numerusform>%Ln alert that would mute others fires, and none that would be muted.</numerusform>
            <numerusform>%Ln alerts that would mute others fire, and none that would be muted.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::LossList</name>
    <message numerus="yes">
        <source>%n fault(s): nothing of this file can be imported until they are mended.</source>
        <translation>
            <numerusform>%n fault: nothing of this file can be imported until it is mended.</numerusform>
            <numerusform>%n faults: nothing of this file can be imported until they are mended.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) of these files will not be done here:</source>
        <translation>
            <numerusform>%n thing of these files will not be done here:</numerusform>
            <numerusform>%n things of these files will not be done here:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::MainWindow</name>
    <message numerus="yes">
        <source>(and %n more)</source>
        <translation>
            <numerusform>(and %n more)</numerusform>
            <numerusform>(and %n more)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::NavigationModel</name>
    <message numerus="yes">
        <source>%1, %n need attention</source>
        <translation>
            <numerusform>%1, %n needs attention</numerusform>
            <numerusform>%1, %n need attention</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::OverviewPage</name>
    <message numerus="yes">
        <source>%1 of %Ln target(s) up</source>
        <translation>
            <numerusform>%1 of %Ln target up</numerusform>
            <numerusform>%1 of %Ln targets up</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::RelabelPreview</name>
    <message numerus="yes">
        <source>%n series</source>
        <translation>
            <numerusform>%n series</numerusform>
            <numerusform>%n series</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n target(s)</source>
        <translation>
            <numerusform>%n target</numerusform>
            <numerusform>%n targets</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::RulePreviewPanel</name>
    <message numerus="yes">
        <source>Records %Ln series now.</source>
        <translation>
            <numerusform>Records %Ln series now.</numerusform>
            <numerusform>Records %Ln series now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Holds for %Ln series now: each would be an alert.</source>
        <translation>
            <numerusform>Holds for %Ln series now: it would be an alert.</numerusform>
            <numerusform>Holds for %Ln series now: each would be an alert.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::ScrapeReport</name>
    <message numerus="yes">
        <source>%Ln sample(s)</source>
        <translation>
            <numerusform>%Ln sample</numerusform>
            <numerusform>%Ln samples</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln metric(s)</source>
        <translation>
            <numerusform>%Ln metric</numerusform>
            <numerusform>%Ln metrics</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::SettingsPage</name>
    <message numerus="yes">
        <source>%n days</source>
        <comment>a period</comment>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::SilenceDialog</name>
    <message numerus="yes">
        <source>Would silence %1 of %Ln alert(s)</source>
        <translation>
            <numerusform>Would silence %1 of %Ln alert</numerusform>
            <numerusform>Would silence %1 of %Ln alerts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::SourceAsk</name>
    <message numerus="yes">
        <source>%Ln target(s) found</source>
        <translation>
            <numerusform>%Ln target found</numerusform>
            <numerusform>%Ln targets found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::SourcePanel</name>
    <message numerus="yes">
        <source>The job has %n more source(s); those the form does not show stay as they are.</source>
        <translation>
            <numerusform>The job has %n more source; what the form does not show stays as it is.</numerusform>
            <numerusform>The job has %n more sources; those the form does not show stay as they are.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) found</source>
        <translation>
            <numerusform>%n file found</numerusform>
            <numerusform>%n files found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::StatusPage</name>
    <message numerus="yes">
        <source>%Ln target(s), %1 down</source>
        <translation>
            <numerusform>%Ln target, %1 down</numerusform>
            <numerusform>%Ln targets, %1 down</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::TargetDetailPane</name>
    <message numerus="yes">
        <source>%1, took %2, %Ln sample(s)</source>
        <translation>
            <numerusform>%1, took %2, %Ln sample</numerusform>
            <numerusform>%1, took %2, %Ln samples</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::TextChanges</name>
    <message numerus="yes">
        <source>%n line(s) go</source>
        <translation>
            <numerusform>%n line goes</numerusform>
            <numerusform>%n lines go</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) come</source>
        <translation>
            <numerusform>%n line comes</numerusform>
            <numerusform>%n lines come</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::YamlPane</name>
    <message numerus="yes">
        <source>(and %n more)</source>
        <translation>
            <numerusform>(and %n more)</numerusform>
            <numerusform>(and %n more)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::chart::ChartView</name>
    <message numerus="yes">
        <source>and %Ln more</source>
        <translation>
            <numerusform>and %Ln more</numerusform>
            <numerusform>and %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::chart::Legend</name>
    <message numerus="yes">
        <source>%Ln series</source>
        <translation>
            <numerusform>%Ln series</numerusform>
            <numerusform>%Ln series</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>watchfire::ui::chart::TimeChart</name>
    <message numerus="yes">
        <source>%Ln value(s) of zero or less not shown on a logarithmic axis</source>
        <translation>
            <numerusform>%Ln value of zero or less not shown on a logarithmic axis</numerusform>
            <numerusform>%Ln values of zero or less not shown on a logarithmic axis</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln value(s) not finite, not shown</source>
        <translation>
            <numerusform>%Ln value not finite, not shown</numerusform>
            <numerusform>%Ln values not finite, not shown</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln series of native histograms not shown</source>
        <translation>
            <numerusform>%Ln series of native histograms not shown</numerusform>
            <numerusform>%Ln series of native histograms not shown</numerusform>
        </translation>
    </message>
</context>
</TS>
