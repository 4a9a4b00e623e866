/* global Chart */
const data = JSON.parse(document.getElementById('data').textContent);
const minute = 60_000;
const charts = [];

/** Sizes of a bin, in milliseconds. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400].map(
  (s) => s * 1000,
);
const mostBins = 16;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function durationText(ms) {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} m ${seconds % 60} s` : `${minutes} m`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} m` : `${minutes / 60} h`;
}

function add(id, describe) {
  const canvas = document.getElementById(id);
  if (canvas === null) return;
  charts.push({ chart: new Chart(canvas, describe()), describe });
}

/** What both charts have in common, in the colours of the moment. */
function options(more) {
  const text = colour('quiet');
  Chart.defaults.color = text;
  Chart.defaults.borderColor = colour('line');
  return {
    animation: false,
    maintainAspectRatio: false,
    ...more,
    plugins: {
      ...more.plugins,
      legend: {
        position: 'top',
        align: 'start',
        labels: { color: text, usePointStyle: true, boxWidth: 8, boxHeight: 8 },
      },
    },
  };
}

function axis(title, more = {}) {
  const text = colour('quiet');
  return { title: { display: true, text: title, color: text }, grid: { color: colour('line') }, ...more };
}

function timeline() {
  const labels = data.builds.map(({ label }) => label);
  const bar = (label, values, name) => ({
    label,
    data: values,
    backgroundColor: colour(name),
    maxBarThickness: 14,
    pointStyle: 'rect',
  });
  const points = data.builds.flatMap(({ label, promises }) =>
    promises.map(({ atMs, job }) => ({ x: atMs / minute, y: label, job })),
  );
  return {
    type: 'bar',
    data: {
      labels,
      datasets: [
        {
          ...{ type: 'scatter', label: 'a job’s promise', data: points, pointStyle: 'circle', radius: 4 },
          ...{ backgroundColor: colour('ground'), borderColor: colour('job'), borderWidth: 2 },
        },
        bar(
          'not known yet',
          data.builds.map(({ failingMs }) => failingMs / minute),
          'until',
        ),
        bar(
          'head start',
          data.builds.map(({ failingMs, endMs }) => (endMs - failingMs) / minute),
          'gained',
        ),
      ],
    },
    options: options({
      indexAxis: 'y',
      scales: {
        x: axis('minutes since the build’s start', { stacked: true, beginAtZero: true }),
        y: { stacked: true, grid: { display: false }, ticks: { autoSkip: false, color: colour('text') } },
      },
      plugins: {
        tooltip: {
          callbacks: {
            label: ({ dataset, raw }) =>
              dataset.type === 'scatter'
                ? `${raw.job} promised after ${durationText(raw.x * minute)}`
                : `${dataset.label}: ${durationText(raw * minute)}`,
          },
        },
      },
      onClick: (_event, [hit]) => {
        const url = hit && hit.datasetIndex > 0 && data.builds[hit.index].url;
        if (url) window.open(url, '_blank', 'noopener');
      },
    }),
  };
}

function distribution() {
  const { builds, jobs } = data.headStarts;
  const most = Math.max(...builds, ...jobs);
  const step = steps.find((size) => most / size < mostBins) ?? steps.at(-1);
  const bins = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index);
  const count = (durations) =>
    bins.map((bin) => durations.filter((ms) => Math.floor(ms / step) === bin).length);
  const bar = (label, values, name) => ({
    label,
    data: values,
    backgroundColor: colour(name),
    categoryPercentage: 0.9,
    pointStyle: 'rect',
  });
  return {
    type: 'bar',
    data: {
      labels: bins.map((bin) => durationText(bin * step)),
      datasets: [bar('builds', count(builds), 'gained'), bar('jobs', count(jobs), 'job')],
    },
    options: options({
      scales: {
        x: axis('head start, from', { grid: { display: false } }),
        y: axis('how many', { beginAtZero: true, ticks: { precision: 0 } }),
      },
      plugins: {
        tooltip: {
          callbacks: {
            title: ([{ dataIndex }]) =>
              `${durationText(dataIndex * step)} to ${durationText((dataIndex + 1) * step)}`,
          },
        },
      },
    }),
  };
}

const box = document.getElementById('timeline-box');
if (box !== null) box.style.height = `${data.builds.length * 24 + 110}px`;
add('timeline', timeline);
add('distribution', distribution);

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const { chart, describe } of charts) {
    const { data: drawn, options: chosen } = describe();
    Object.assign(chart, { data: drawn, options: chosen });
    chart.update();
  }
});
